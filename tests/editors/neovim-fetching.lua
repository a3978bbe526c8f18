-- The snippet of docs/editors.md for Neovim 0.11 and later, which fetches findings. Run by tests/test_editors.py.
local buffer = dofile(os.getenv("BUFFER"))
local cmd = vim.fn.json_decode(os.getenv("SERVER"))
vim.lsp.config("complexity_guard", {
  cmd = cmd,
  filetypes = { "typescript", "typescriptreact", "javascript", "javascriptreact" },
  root_markers = { ".complexityguard.json", "package.json", ".git" },
  init_options = { codeLens = "warning" },
})
vim.lsp.enable("complexity_guard")
vim.cmd("filetype on")
vim.cmd("edit a.ts")

buffer.open()
local client = vim.lsp.get_clients()[1]
buffer.told.pulls = client and client.server_capabilities.diagnosticProvider ~= nil
buffer.told.encoding = client and client.offset_encoding
buffer.edit()
local place = vim.lsp.util.make_position_params(0, client.offset_encoding)
buffer.hover(place)
for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/codeLens", place, 20000)) do
  buffer.told.lens = answer.result[1].command.title
end
client:stop()
buffer.leave(client.id)
