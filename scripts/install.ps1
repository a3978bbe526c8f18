# Install complexity-guard on Windows: download the release, verify its checksum, put the one file in place.
#
#   install.ps1 [-Version 1.2.3] [-To DIR] [-Repository OWNER/NAME]
#
# Without administrator rights: the default place is %LOCALAPPDATA%\Programs\complexity-guard. The copy that belongs to a
# release knows its repository; any other must be told. COMPLEXITY_GUARD_RELEASES names another place of releases (a mirror).
param([string]$Version = "latest", [string]$To = "", [string]$Repository = "")

$ErrorActionPreference = "Stop"
$ProgressPreference = "SilentlyContinue"
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$homePage = ""
if ($Repository) { $homePage = "https://github.com/$Repository" }
$releases = if ($env:COMPLEXITY_GUARD_RELEASES -and -not $Repository) { $env:COMPLEXITY_GUARD_RELEASES } elseif ($homePage) { "$homePage/releases" } else { "" }
if (-not $releases) { throw "this copy belongs to no release: say -Repository OWNER/NAME, from which to install" }
$from = if ($Version -eq "latest") { "$releases/latest/download" } else { "$releases/download/v$($Version.TrimStart('v'))" }
if (-not $To) { $To = Join-Path $env:LOCALAPPDATA "Programs\complexity-guard" }
$installed = Join-Path $To "complexity-guard.exe"
if (Test-Path -LiteralPath $installed -PathType Container) { throw "$installed is a folder: the program cannot take its place" }
# Nothing comes over plain http but from this machine itself (a mirror on a port of its own).
if ($from -notmatch "^(https://|http://(localhost|127\.0\.0\.1)(:\d+)?/)") { throw "releases must come from an address that begins with https://, not $releases" }

# Redirects are followed here, by hand: Windows PowerShell follows them from https to plain http.
function Save-File([string]$Address, [string]$File) {
    foreach ($hop in 0..9) {
        if ($hop -gt 0 -and $Address -notmatch "^https://") { throw "the download leads to $Address, which does not begin with https://" }
        $request = [Net.WebRequest]::Create($Address)
        $request.AllowAutoRedirect = $false
        $response = $request.GetResponse()
        try {
            if ([int]$response.StatusCode -lt 300) {
                $stream = [IO.File]::Create($File)
                try { $response.GetResponseStream().CopyTo($stream) } finally { $stream.Dispose() }
                return
            }
            $Address = (New-Object Uri((New-Object Uri($Address)), $response.Headers["Location"])).AbsoluteUri
        } finally { $response.Close() }
    }
    throw "the download is sent on too often, at last to $Address"
}

$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
$staged = "$installed.$PID"
New-Item -ItemType Directory -Path $work | Out-Null
try {
    Save-File "$from/SHA256SUMS" "$work/SHA256SUMS"
    $line = Get-Content "$work/SHA256SUMS" | Where-Object { $_ -cmatch "^[0-9a-f]{64} [ *]complexity-guard-[^ /\\]*-x86_64-windows\.zip$" } | Select-Object -First 1
    if (-not $line) { throw "$from/SHA256SUMS names no archive for x86_64-windows" }
    $expected, $name = $line -split " [ *]", 2
    Save-File "$from/$name" "$work/$name"
    $found = (Get-FileHash -Algorithm SHA256 "$work/$name").Hash.ToLower()
    if ($found -ne $expected) { throw "$name is not what SHA256SUMS says it is; nothing was installed" }
    # Who built it: where GitHub's own program is there and logged in, the attestation of the release is checked as well.
    if ($releases -match "^https://github\.com/([^/]+/[^/]+)/releases$" -and (Get-Command gh -CommandType Application -ErrorAction SilentlyContinue)) {
        $builder = $Matches[1]
        $ErrorActionPreference = "Continue" # what a program says on standard error is no error of this script
        gh auth status *> $null
        if ($LASTEXITCODE -eq 0) {
            gh attestation verify "$work/$name" --repo $builder *> $null
            if ($LASTEXITCODE -ne 0) { throw "$name was not built by $builder; nothing was installed" }
        }
        $ErrorActionPreference = "Stop"
    }
    Expand-Archive "$work/$name" -DestinationPath "$work/unpacked"
    $program = Get-ChildItem "$work/unpacked" -Recurse -Filter "complexity-guard.exe" | Select-Object -First 1
    if (-not $program) { throw "$name holds no complexity-guard.exe" }
    $said = & $program.FullName --version
    if ($LASTEXITCODE -ne 0) { throw "the downloaded program does not run here; nothing was installed" }
    New-Item -ItemType Directory -Force -Path $To | Out-Null
    Copy-Item -LiteralPath $program.FullName $staged
    Move-Item -LiteralPath $staged $installed -Force
    Write-Output "installed $said in $To"
    if (($env:PATH -split ";") -notcontains $To) { Write-Output "note: $To is not on your PATH" }
} finally {
    Remove-Item -Recurse -Force $work
    if (Test-Path -LiteralPath $staged) { Remove-Item -Force -LiteralPath $staged }
}
