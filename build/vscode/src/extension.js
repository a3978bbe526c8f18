"use strict";

// A thin client: it starts `complexity-guard lsp`, and shows what that says. Nothing is measured here.

const vscode = require("vscode");
const { LanguageClient, State } = require("vscode-languageclient/node");
const { findBinary } = require("./binary.js");

const SECTION = "complexityGuard";
const SOURCE = "complexity-guard"; // of findings
const LANGUAGES = ["typescript", "typescriptreact", "javascript", "javascriptreact", "vue", "svelte", "astro"];
const CANCELLED = -32800;
/** @type {any} */
const api = vscode; // what 1.91 has not: servers for agents are of 1.101
const SCHEMES = ["file", "untitled"];

/** @param {string} name */
const setting = name => vscode.workspace.getConfiguration(SECTION).get(name);
const folders = () => (vscode.workspace.workspaceFolders || []).filter(folder => folder.uri.scheme === "file");

class Guard {
  /** @param {vscode.ExtensionContext} context */
  constructor(context) {
    this.context = context;
    this.log = vscode.window.createOutputChannel("ComplexityGuard", { log: true });
    this.status = vscode.window.createStatusBarItem(SECTION, vscode.StatusBarAlignment.Right, 90);
    this.status.name = "ComplexityGuard";
    this.status.command = `${SECTION}.menu`;
    /** @type {vscode.EventEmitter<void>} */
    this.changed = new vscode.EventEmitter(); // the program is another one now
    /** @type {import("./binary.js").Found | null} */
    this.found = null;
    /** @type {LanguageClient | null} */
    this.client = null;
    /** @type {vscode.WebviewPanel | null} */
    this.panel = null;
    this.trouble = "";
    this.turn = Promise.resolve(); // starts and stops, one after the other
    context.subscriptions.push(this.log, this.status, this.changed);
  }

  // The server

  /** Ends the server that runs, and starts one: its program may be another now. */
  restart() {
    this.turn = this.turn.then(() => this.stop()).then(() => this.start());
    return this.turn;
  }

  async start() {
    this.trouble = "";
    try {
      this.found = this.find();
      this.client = this.newClient(this.found.path);
      this.client.onDidChangeState(() => this.show());
      await this.client.start();
      this.log.info(`${this.found.path} (from the ${this.found.from}), ${this.version}`);
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      this.log.error(this.trouble);
      this.offerHelp();
    }
    this.changed.fire();
    this.show();
  }

  async stop() {
    const client = this.client;
    this.client = null;
    this.found = null;
    // What did not start cannot be stopped, and what does not end in time is ended by the library.
    await client?.dispose().catch(error => this.log.warn(String(error)));
  }

  find() {
    return findBinary({
      setting: setting("path") || "",
      folders: folders().map(folder => folder.uri.fsPath),
      isTrusted: vscode.workspace.isTrusted,
      carriedIn: this.context.extensionPath,
      environment: process.env,
    });
  }

  /** @param {string} program */
  newClient(program) {
    const selector = SCHEMES.flatMap(scheme => LANGUAGES.map(language => ({ scheme, language })));
    const server = { command: program, args: ["lsp"] };
    return new LanguageClient(SECTION, "ComplexityGuard", server, {
      documentSelector: selector,
      initializationOptions: { codeLens: setting("codeLens"), inlayHints: setting("inlayHints") },
      synchronize: { configurationSection: SECTION },
      outputChannel: this.log,
    });
  }

  get version() {
    return this.client?.initializeResult?.serverInfo?.version || "?";
  }

  // What people see

  get isRunning() {
    return this.client?.state === State.Running;
  }

  /** The state in the status bar: findings of the file in front, or what is wrong. */
  show() {
    const { status } = this;
    status.backgroundColor = undefined;
    if (this.trouble || this.client?.state === State.Stopped) {
      status.text = "$(error) Complexity";
      status.tooltip = this.trouble || "ComplexityGuard has ended";
      status.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
    } else if (!this.isRunning) {
      status.text = "$(sync~spin) Complexity";
      status.tooltip = "ComplexityGuard starts";
    } else {
      const count = this.count();
      status.text = count ? `$(pulse) Complexity ${count}` : "$(pulse) Complexity";
      status.tooltip = `ComplexityGuard ${this.version}: ${count} findings in this file\n${this.found?.path}`;
    }
    status.show();
  }

  count() {
    const uri = vscode.window.activeTextEditor?.document.uri;
    return uri ? vscode.languages.getDiagnostics(uri).filter(one => one.source === SOURCE).length : 0;
  }

  async offerHelp() {
    const choice = await vscode.window.showErrorMessage(`ComplexityGuard: ${this.trouble}`, "Settings", "Log");
    if (choice === "Log") this.log.show();
    if (choice === "Settings") vscode.commands.executeCommand("workbench.action.openSettings", SECTION);
  }

  async menu() {
    const rows = [
      { label: "$(graph) Report on a folder", run: () => this.report() },
      { label: "$(debug-restart) Restart", run: () => this.restart() },
      { label: "$(output) Log", run: () => this.log.show() },
      {
        label: "$(gear) Settings",
        run: () => vscode.commands.executeCommand("workbench.action.openSettings", SECTION),
      },
    ];
    const title = `ComplexityGuard ${this.version}`;
    await (await vscode.window.showQuickPick(rows, { title }))?.run();
  }

  // The report

  async chosenFolder() {
    const all = folders();
    if (all.length < 2) return all[0];
    const asked = await vscode.window.showWorkspaceFolderPick();
    return all.find(folder => folder === asked);
  }

  /** Measures a folder, by a run that can be cancelled, and shows the page that it makes. */
  async report() {
    if (!folders().length) vscode.window.showInformationMessage("ComplexityGuard: open a folder for a report on it");
    const folder = await this.chosenFolder();
    const client = this.client;
    if (!folder || !client || !this.isRunning) return;
    const place = { location: vscode.ProgressLocation.Notification, cancellable: true };
    const title = `ComplexityGuard measures ${folder.name}`;
    try {
      const page = await vscode.window.withProgress({ ...place, title }, (_, token) =>
        this.page(client, folder, token),
      );
      this.open(folder.name, page.text);
    } catch (error) {
      const { code, message } = /** @type {{ code?: number, message: string }} */ (error);
      if (code !== CANCELLED) vscode.window.showErrorMessage(`ComplexityGuard: ${message}`);
    }
  }

  /**
   * @param {LanguageClient} client
   * @param {vscode.WorkspaceFolder} folder
   * @param {vscode.CancellationToken} token
   * @returns {Promise<{ text: string }>}
   */
  page(client, folder, token) {
    const given = { format: "html", folder: client.code2ProtocolConverter.asUri(folder.uri) };
    const asked = { command: "complexity-guard.report", arguments: [given] };
    return client.sendRequest("workspace/executeCommand", asked, token);
  }

  /**
   * The page as it is: it brings its own policy, by which it loads nothing and runs its own script alone.
   * @param {string} name
   * @param {string} html
   */
  open(name, html) {
    if (!this.panel) {
      const options = { enableScripts: true, enableFindWidget: true, retainContextWhenHidden: true };
      const column = vscode.ViewColumn.Active;
      this.panel = vscode.window.createWebviewPanel(`${SECTION}.report`, "", column, {
        ...options,
        localResourceRoots: [],
      });
      this.panel.onDidDispose(() => {
        this.panel = null;
      });
    }
    this.panel.title = `Complexity: ${name}`;
    this.panel.webview.html = html;
    this.panel.reveal();
  }

  // Agents

  /** Each folder has a server of its own, for it looks at nothing outside. */
  servers() {
    const program = this.found?.path;
    if (!program) return [];
    return folders().map(
      folder =>
        new api.McpStdioServerDefinition(
          `ComplexityGuard: ${folder.name}`,
          program,
          ["mcp", folder.uri.fsPath],
          {},
          this.version,
        ),
    );
  }

  /** Versions before 1.101 lack this, or have it by other rules: no reason not to start. */
  offerServers() {
    const provider = {
      onDidChangeMcpServerDefinitions: this.changed.event,
      provideMcpServerDefinitions: () => this.servers(),
    };
    try {
      this.context.subscriptions.push(api.lm.registerMcpServerDefinitionProvider(SECTION, provider));
    } catch (error) {
      this.log.warn(`agents are offered no server: ${error}`);
    }
  }

  // Events

  listen() {
    const again = () => this.restart();
    const show = () => this.show();
    this.context.subscriptions.push(
      vscode.commands.registerCommand(`${SECTION}.report`, () => this.report()),
      vscode.commands.registerCommand(`${SECTION}.restart`, again),
      vscode.commands.registerCommand(`${SECTION}.log`, () => this.log.show()),
      vscode.commands.registerCommand(`${SECTION}.menu`, () => this.menu()),
      vscode.window.onDidChangeActiveTextEditor(show),
      vscode.languages.onDidChangeDiagnostics(show),
      vscode.workspace.onDidGrantWorkspaceTrust(again),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.changed.fire()),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration(`${SECTION}.path`)) this.restart();
      }),
    );
  }
}

/** @type {Guard | null} */
let guard = null;

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
  guard = new Guard(context);
  guard.listen();
  guard.offerServers();
  await guard.restart();
}

/** Whoever closes the window waits for this: no server is left behind. */
async function deactivate() {
  const last = guard;
  guard = null;
  await last?.turn;
  await last?.stop();
}

module.exports = { activate, deactivate };
