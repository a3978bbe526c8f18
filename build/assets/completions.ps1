# PowerShell completion of complexity-guard. In $PROFILE: complexity-guard completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName complexity-guard -ScriptBlock {
  param($word, $ast, $cursor)
  $flags = @(
    @FLAGS@
  )
  $commands = @(
    @COMMANDS@
  )
  $before = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.ToString() })
  if ($before -ccontains '--') { return } # files from here on
  $last = if ($before.Count) { $before[-1] } else { '' }
  $known = $flags | Where-Object { $_[0] -ceq $last -and $_[2].Count } | Select-Object -First 1
  # Only what needs no quotes: names of refs and functions are other people's.
  $named = if ($last -ceq '--since') { git for-each-ref '--format=%(refname:short)' 2>$null }
    elseif ($last -ceq 'explain' -and $word -match '^(.+\.\w+:)') {
      $file = $Matches[1]
      complexity-guard explain $file 2>$null | ForEach-Object { $file + $_ }
    }
  $offers = if ($named) { $named | Where-Object { $_ -match '^[\w./:@+-]+$' } | ForEach-Object { ,@($_, $_) } }
    elseif ($known) { $known[2] | ForEach-Object { ,@($_, $_) } }
    @ARGUMENTS@
    elseif ($word.StartsWith('-')) { $flags }
    elseif ($before.Count -eq 1) { $commands }
  $offers | Where-Object { $_ -and $_[0].StartsWith($word) } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1]) }
}
