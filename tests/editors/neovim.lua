-- Neovim shows our findings of its buffer, and those of the buffer as it is edited. Run by tests/test_editors.py.
local id = vim.lsp.start_client({ name = "complexity-guard", cmd = vim.fn.json_decode(os.getenv("SERVER")), root_dir = vim.fn.getcwd() })
vim.cmd("edit a.ts")
vim.lsp.buf_attach_client(0, id)

local function wait_for_count(count)
  vim.wait(20000, function() return #vim.diagnostic.get(0) == count end, 20)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { one.lnum, one.col, one.severity, one.message })
  end
  return found
end

local told = { first = wait_for_count(1) }
vim.api.nvim_buf_set_lines(0, 0, -1, false, { "let 🙂x = 1" })
vim.api.nvim_buf_set_text(0, 0, 4, 0, 8, { "abc" }) -- counted in bytes here, and sent in UTF-16
told.edited = wait_for_count(0)
vim.api.nvim_buf_set_lines(0, 0, 0, false, { "// one line above", os.getenv("HARD") })
told.again = wait_for_count(1)
vim.api.nvim_win_set_cursor(0, { 2, 12 })
for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/hover", vim.lsp.util.make_position_params(), 20000)) do
  told.hover = answer.result.contents.value
end
vim.lsp.stop_client(id)
told.stopped = vim.wait(20000, function() return vim.lsp.get_client_by_id(id) == nil end, 20)
io.stdout:write(vim.fn.json_encode(told))
vim.cmd("qa!")
