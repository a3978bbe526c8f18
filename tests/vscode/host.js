"use strict";

// An editor as far as our extension needs one: what it is told is noted, what it asks is answered from a script. The server is
// the real one. Behind the client stands the protocol's own library where $JSONRPC names it, else the few lines below.

const Module = require("node:module");
const { spawn } = require("node:child_process");
const { pathToFileURL, fileURLToPath } = require("node:url");

const script = JSON.parse(process.env.SCRIPT);
const said = { errors: [], infos: [], log: [], asked: [], panels: [], commands: {}, providers: {} };

class Disposable {
  dispose() {}
}
class EventEmitter {
  constructor() {
    this.heard = [];
    this.event = listen => {
      this.heard.push(listen);
      return new Disposable();
    };
  }
  fire(value) {
    for (const listen of this.heard) listen(value);
  }
  dispose() {}
}

const events = {};
const event = name => {
  events[name] = new EventEmitter();
  return events[name].event;
};
const uriOf = path => ({ scheme: "file", fsPath: path, toString: () => pathToFileURL(path).href });
const note = kind => text => said.log.push(`${kind}: ${text}`);
const status = { show: () => {}, dispose: () => {} };
const settings = script.settings;
const token = { isCancellationRequested: false, onCancellationRequested: event("cancel") };

const vscode = {
  EventEmitter,
  ThemeColor: class {
    constructor(id) {
      this.id = id;
    }
  },
  McpStdioServerDefinition: class {
    constructor(label, command, args, env, version) {
      Object.assign(this, { label, command, args, env, version });
    }
  },
  StatusBarAlignment: { Right: 2 },
  ProgressLocation: { Notification: 15 },
  ViewColumn: { Active: -1 },
  commands: {
    registerCommand: (name, run) => {
      said.commands[name] = run;
      return new Disposable();
    },
    executeCommand: (...words) => said.asked.push(words),
  },
  languages: {
    getDiagnostics: () => script.diagnostics,
    onDidChangeDiagnostics: event("diagnostics"),
  },
  lm: script.isOld
    ? undefined
    : {
        registerMcpServerDefinitionProvider: (id, provider) => {
          if (script.refuses) throw new Error("not as 1.100 wants it");
          said.providers[id] = provider;
          return new Disposable();
        },
      },
  window: {
    activeTextEditor: { document: { uri: uriOf("/a.ts") } },
    createOutputChannel: () => ({ info: note("info"), warn: note("warn"), error: note("error"), show: note("shown"), dispose: () => {} }),
    createStatusBarItem: () => status,
    createWebviewPanel: (kind, title, column, options) => {
      const panel = { kind, options, webview: {}, reveal: () => {}, onDidDispose: event("dispose") };
      said.panels.push(panel);
      return panel;
    },
    onDidChangeActiveTextEditor: event("active"),
    showErrorMessage: async text => (said.errors.push(text), script.choice),
    showInformationMessage: async text => void said.infos.push(text),
    showQuickPick: async rows => rows.find(row => row.label.endsWith(script.choice)),
    showWorkspaceFolderPick: async () => vscode.workspace.workspaceFolders[1],
    withProgress: async (_, work) => {
      const going = work(null, token);
      if (script.cancels) setTimeout(() => events.cancel.fire(), 10);
      return going;
    },
  },
  workspace: {
    isTrusted: script.isTrusted !== false,
    workspaceFolders: script.folders.map(path => ({ uri: uriOf(path), name: path.split("/").pop() })),
    getConfiguration: section => ({ get: name => settings[`${section}.${name}`] }),
    onDidChangeConfiguration: event("configuration"),
    onDidChangeWorkspaceFolders: event("folders"),
    onDidGrantWorkspaceTrust: event("trust"),
  },
};

// The client library

const State = { Stopped: 1, Starting: 3, Running: 2 };

/** Messages of the protocol over the pipes of a process, by our own reading of it. */
class Connection {
  constructor(child) {
    this.child = child;
    this.waiting = new Map();
    this.held = Buffer.alloc(0);
    child.stdout.on("data", data => this.take(data));
  }
  take(data) {
    this.held = Buffer.concat([this.held, data]);
    for (;;) {
      const end = this.held.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(this.held.subarray(0, end).toString())[1]);
      if (this.held.length < end + 4 + length) return;
      const message = JSON.parse(this.held.subarray(end + 4, end + 4 + length).toString());
      this.held = this.held.subarray(end + 4 + length);
      const { resolve, reject } = this.waiting.get(message.id) || {};
      if (message.error) reject?.(message.error);
      else resolve?.(message.result);
    }
  }
  send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.child.stdin.write(body);
  }
  sendRequest(method, params, cancel) {
    const id = this.waiting.size + 1;
    this.send({ id, method, params });
    cancel?.onCancellationRequested(() => this.sendNotification("$/cancelRequest", { id }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
  async sendNotification(method, params) {
    this.send({ method, params });
  }
}

function connectionTo(child) {
  if (!process.env.JSONRPC) return new Connection(child);
  const rpc = require(process.env.JSONRPC);
  const reader = new rpc.StreamMessageReader(child.stdout);
  const connection = rpc.createMessageConnection(reader, new rpc.StreamMessageWriter(child.stdin));
  connection.onUnhandledNotification(() => {});
  connection.listen();
  const ask = connection.sendRequest.bind(connection);
  connection.sendRequest = (method, params, cancel) => {
    if (!cancel) return params ? ask(method, params) : ask(method);
    const source = new rpc.CancellationTokenSource();
    cancel.onCancellationRequested(() => source.cancel());
    return ask(method, params, source.token);
  };
  return connection;
}

const clients = [];
class LanguageClient {
  constructor(id, name, server, options) {
    Object.assign(this, { id, name, server, options, state: State.Stopped, changes: new EventEmitter() });
    this.onDidChangeState = this.changes.event;
    this.code2ProtocolConverter = { asUri: uri => uri.toString() };
    clients.push(this);
  }
  become(state) {
    this.state = state;
    this.changes.fire({ newState: state });
  }
  async start() {
    this.become(State.Starting);
    const child = spawn(this.server.command, this.server.args, { stdio: ["pipe", "pipe", "ignore"] });
    this.child = child;
    this.ended = new Promise(resolve => child.on("close", resolve));
    await new Promise((resolve, reject) => child.on("spawn", resolve).on("error", reject));
    this.connection = connectionTo(child);
    const workspaceFolders = vscode.workspace.workspaceFolders.map(folder => ({ uri: folder.uri.toString(), name: folder.name }));
    const { initializationOptions } = this.options;
    const asked = { processId: process.pid, rootUri: null, capabilities: {}, workspaceFolders, initializationOptions };
    this.initializeResult = await this.connection.sendRequest("initialize", asked);
    await this.connection.sendNotification("initialized", {});
    this.become(State.Running);
  }
  sendRequest(...words) {
    return this.connection.sendRequest(...words);
  }
  async dispose() {
    if (this.state !== State.Running) return;
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    await this.ended;
    this.become(State.Stopped);
  }
}

const given = { vscode, "vscode-languageclient/node": { LanguageClient, State } };
const load = Module._load;
Module._load = (name, ...rest) => given[name] || load(name, ...rest);

// What happens

const extension = require(process.env.EXTENSION);
const context = { extensionPath: script.extensionPath, subscriptions: [] };
const isAlive = child => child.exitCode === null && child.signalCode === null;

const STEPS = {
  show: async () => events.diagnostics.fire(),
  report: async () => said.commands["complexityGuard.report"](),
  menu: async () => said.commands["complexityGuard.menu"](),
  restart: async () => said.commands["complexityGuard.restart"](),
  change: async () => {
    Object.assign(settings, script.changed);
    events.configuration.fire({ affectsConfiguration: name => name in script.changed });
  },
  both: async () => {
    await Promise.all([STEPS.restart(), STEPS.restart()]);
  },
};

(async () => {
  await extension.activate(context);
  for (const step of script.steps) await STEPS[step]();
  const last = clients[clients.length - 1];
  const told = {
    ...said,
    panels: said.panels.map(panel => ({ title: panel.title, options: panel.options, html: panel.webview.html })),
    commands: Object.keys(said.commands),
    servers: said.providers.complexityGuard?.provideMcpServerDefinitions(),
    status: { ...status },
    options: last?.options.initializationOptions,
    languages: last && [...new Set(last.options.documentSelector.map(one => one.language))],
    arguments: last?.server.args,
    running: clients.map(client => Boolean(client.child && isAlive(client.child))),
    folders: vscode.workspace.workspaceFolders.map(folder => fileURLToPath(folder.uri.toString())),
  };
  await extension.deactivate();
  told.left = clients.filter(client => client.child && isAlive(client.child)).length;
  process.stdout.write(JSON.stringify(told));
})().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  for (const client of clients) client.child?.kill();
  process.exit(1);
});
