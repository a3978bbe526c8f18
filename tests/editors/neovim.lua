-- Neovim shows our findings of its buffer, and those of the buffer as it is edited. Run by tests/test_editors.py.
local buffer = dofile(os.getenv("BUFFER"))
local id = vim.lsp.start_client({ name = "complexity-guard", cmd = vim.fn.json_decode(os.getenv("SERVER")), root_dir = vim.fn.getcwd() })
vim.cmd("edit a.ts")
vim.lsp.buf_attach_client(0, id)

buffer.open()
buffer.edit()
buffer.hover(vim.lsp.util.make_position_params())
vim.lsp.stop_client(id)
buffer.leave(id)
