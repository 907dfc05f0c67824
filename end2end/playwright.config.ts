import { defineConfig } from '@playwright/test';

// Debian's Chromium; no browser is downloaded. The switches keep it from calling home, which a closed network refuses.
const launchOptions = {
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

// Specs named *.js.spec.ts need script, *.nojs.spec.ts are about its absence; all others run both ways.
export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  // Each worker has a world of its own, and two fill the two cores that the servers need as well.
  workers: 2,
  fullyParallel: false,
  // By hand a test that fails once has failed. CI tries it once more and names it at the end (fixtures/failures.ts).
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [['list'], ['json', { outputFile: 'report/report.json' }], ['./fixtures/failures.ts']],
  expect: { timeout: 10_000 },
  use: {
    launchOptions,
    locale: 'en-US',
    timezoneId: 'Asia/Shanghai',
    colorScheme: 'light',
    // Colours in the middle of a change would be measured otherwise.
    contextOptions: { reducedMotion: 'reduce' },
    trace: { mode: 'retain-on-failure', screenshots: false },
    actionTimeout: 15_000,
  },
  projects: [
    { name: 'script', testIgnore: [/\.nojs\.spec/, /\.mobile\.spec/] },
    { name: 'no script', use: { javaScriptEnabled: false }, testIgnore: [/\.js\.spec/, /\.mobile\.spec/] },
    { name: 'mobile', use: { viewport: { width: 390, height: 844 } }, testMatch: /\.mobile\.spec/ },
  ],
});
