# Serves the folder `site` to this machine alone, and opens the browser. Windows PowerShell 5.1 or newer, nothing else.
$ErrorActionPreference = 'Stop'
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
$site = [IO.Path]::GetFullPath((Join-Path $here '..\site'))
$types = @{
  '.css' = 'text/css; charset=utf-8'
  '.html' = 'text/html; charset=utf-8'
  '.js' = 'text/javascript; charset=utf-8'
  '.json' = 'application/json'
  '.png' = 'image/png'
  '.svg' = 'image/svg+xml'
  '.txt' = 'text/plain; charset=utf-8'
  '.wasm' = 'application/wasm'
  '.webmanifest' = 'application/manifest+json'
}
$headers = Get-Content (Join-Path $here 'headers.txt') | Where-Object { $_.Trim() } | ForEach-Object { , ($_.Trim() -split ': ', 2) }

# The one that is free is taken. The same one each time, if it can be: what the browser keeps belongs to it.
# `localhost` needs no administrator, as `127.0.0.1` may.
$listener = $null
foreach ($port in 4173..4182) {
  $trying = New-Object Net.HttpListener
  $trying.Prefixes.Add("http://localhost:$port/")
  try { $trying.Start(); $listener = $trying; break } catch { $trying.Close() }
}
if (-not $listener) { Write-Host 'No port is free, or this machine does not allow it.'; exit 1 }
$address = "http://localhost:$port/"
Write-Host "Cloze is at $address"
Write-Host 'Closing this window stops it.'
Start-Process $address

while ($listener.IsListening) {
  $context = $listener.GetContext()
  $response = $context.Response
  try {
    foreach ($header in $headers) { $response.AddHeader($header[0], $header[1]) }
    $path = [Uri]::UnescapeDataString($context.Request.Url.AbsolutePath).TrimStart('/').Replace('/', '\')
    $file = [IO.Path]::GetFullPath((Join-Path $site $path))
    if ([IO.Directory]::Exists($file)) { $file = Join-Path $file 'index.html' }
    if ($file.StartsWith($site + '\') -and [IO.File]::Exists($file)) {
      $type = $types[[IO.Path]::GetExtension($file).ToLowerInvariant()]
      $response.ContentType = $(if ($type) { $type } else { 'application/octet-stream' })
      $content = [IO.File]::Open($file, 'Open', 'Read', 'Read')
      try {
        $response.ContentLength64 = $content.Length
        if ($context.Request.HttpMethod -ne 'HEAD') { $content.CopyTo($response.OutputStream) }
      } finally { $content.Dispose() }
    } else {
      $response.StatusCode = 404
    }
    $response.Close()
  } catch {
    # The browser left: that is no error.
    try { $response.Abort() } catch { }
  }
}
