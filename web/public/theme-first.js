// Runs before the first paint, so that a remembered theme never flashes the other one. The rest is in src/theme.ts.
try {
  const theme = localStorage.getItem('cloze-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the theme follows the system.
}
