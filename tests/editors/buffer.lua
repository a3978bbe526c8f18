-- What both ways of asking Neovim have in common: the buffer is edited, and we wait for as many findings as there should be.
local buffer = { told = {} }

local function wait_for_count(count)
  vim.wait(20000, function() return #vim.diagnostic.get(0) == count end, 20)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { one.lnum, one.col, one.severity, one.message })
  end
  return found
end

function buffer.open()
  buffer.told.first = wait_for_count(1)
end

function buffer.edit()
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { "let 🙂x = 1" })
  vim.api.nvim_buf_set_text(0, 0, 4, 0, 8, { "abc" }) -- counted in bytes here, and sent in UTF-16
  buffer.told.edited = wait_for_count(0)
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "// one line above", os.getenv("HARD") })
  buffer.told.again = wait_for_count(1)
  vim.api.nvim_win_set_cursor(0, { 2, 12 })
end

function buffer.hover(place)
  for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/hover", place, 20000)) do
    buffer.told.hover = answer.result.contents.value
  end
end

function buffer.leave(id)
  buffer.told.stopped = vim.wait(20000, function() return vim.lsp.get_client_by_id(id) == nil end, 20)
  io.stdout:write(vim.fn.json_encode(buffer.told))
  vim.cmd("qa!")
end

return buffer
