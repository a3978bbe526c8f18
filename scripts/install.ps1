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

$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
New-Item -ItemType Directory -Path $work | Out-Null
try {
    Invoke-WebRequest -UseBasicParsing "$from/SHA256SUMS" -OutFile "$work/SHA256SUMS"
    $line = Get-Content "$work/SHA256SUMS" | Where-Object { $_ -match "^[0-9a-f]{64} [ *]complexity-guard-[^ /]*-x86_64-windows\.zip$" } | Select-Object -First 1
    if (-not $line) { throw "$from/SHA256SUMS names no archive for x86_64-windows" }
    $expected, $name = $line -split " [ *]", 2
    Invoke-WebRequest -UseBasicParsing "$from/$name" -OutFile "$work/$name"
    $found = (Get-FileHash -Algorithm SHA256 "$work/$name").Hash.ToLower()
    if ($found -ne $expected) { throw "$name is not what SHA256SUMS says it is; nothing was installed" }
    Expand-Archive "$work/$name" -DestinationPath "$work/unpacked"
    $program = Get-ChildItem "$work/unpacked" -Recurse -Filter "complexity-guard.exe" | Select-Object -First 1
    if (-not $program) { throw "$name holds no complexity-guard.exe" }
    $said = & $program.FullName --version
    if ($LASTEXITCODE -ne 0) { throw "the downloaded program does not run here; nothing was installed" }
    New-Item -ItemType Directory -Force -Path $To | Out-Null
    Copy-Item $program.FullName (Join-Path $To "complexity-guard.exe") -Force
    Write-Output "installed $said in $To"
    if (($env:PATH -split ";") -notcontains $To) { Write-Output "note: $To is not on your PATH" }
} finally {
    Remove-Item -Recurse -Force $work
}
