# typed: false
# frozen_string_literal: true

# The static binary of a release, with its manual and completions.
class ComplexityGuard < Formula
  desc "Complexity of TypeScript and JavaScript, function by function"
  homepage "@home@"
  version "@version@"
  license "MIT"

  on_macos do
    on_arm do
      url "@aarch64-macos.url@"
      sha256 "@aarch64-macos.sha256@"
    end
    on_intel do
      url "@x86_64-macos.url@"
      sha256 "@x86_64-macos.sha256@"
    end
  end

  on_linux do
    on_arm do
      url "@aarch64-linux-musl.url@"
      sha256 "@aarch64-linux-musl.sha256@"
    end
    on_intel do
      url "@x86_64-linux-musl.url@"
      sha256 "@x86_64-linux-musl.sha256@"
    end
  end

  def install
    bin.install "complexity-guard"
    man1.install "man/complexity-guard.1"
    bash_completion.install "completions/complexity-guard.bash" => "complexity-guard"
    zsh_completion.install "completions/_complexity-guard"
    fish_completion.install "completions/complexity-guard.fish"
    pkgshare.install "licences"
  end

  test do
    (testpath/"add.ts").write "export const add = (a: number, b: number): number => a + b\n"
    assert_match "\"functions\": 1", shell_output("#{bin}/complexity-guard --format json add.ts")
  end
end
