-- The snippet of docs/editors.md for Neovim 0.11 and later, which fetches findings. Run by tests/test_editors.py.
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
local function wait_for_count(count)
  vim.wait(20000, function() return #vim.diagnostic.get(0) == count end, 20)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { one.lnum, one.col, one.severity, one.message })
  end
  return found
end
local told = { first = wait_for_count(1) }
local client = vim.lsp.get_clients()[1]
told.pulls = client and client.server_capabilities.diagnosticProvider ~= nil
told.encoding = client and client.offset_encoding
vim.api.nvim_buf_set_lines(0, 0, -1, false, { "let 🙂x = 1" })
vim.api.nvim_buf_set_text(0, 0, 4, 0, 8, { "abc" })
told.edited = wait_for_count(0)
vim.api.nvim_buf_set_lines(0, 0, 0, false, { "// one line above", os.getenv("HARD") })
told.again = wait_for_count(1)
vim.api.nvim_win_set_cursor(0, { 2, 12 })
local place = vim.lsp.util.make_position_params(0, client.offset_encoding)
for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/hover", place, 20000)) do
  told.hover = answer.result.contents.value
end
for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/codeLens", place, 20000)) do
  told.lens = answer.result[1].command.title
end
client:stop()
told.stopped = vim.wait(20000, function() return vim.lsp.get_client_by_id(client.id) == nil end, 20)
io.stdout:write(vim.fn.json_encode(told))
vim.cmd("qa!")
