import { describe, expect, test } from 'vitest';
import { abilities, chooseBuild, RELAXED_SIMD_PROBE, SIMD_PROBE, type Abilities } from './build-choice.js';

const all: Abilities = { simd: true, relaxed_simd: true, isolated: true, cores: 4 };

describe('probes', () => {
  test('are modules that an engine with SIMD accepts', () => {
    // Node 20 has both; the same bytes with an unknown instruction are refused.
    expect(WebAssembly.validate(SIMD_PROBE)).toBe(true);
    const unknown = SIMD_PROBE.slice();
    unknown[unknown.length - 2] = 0x9a; // 0xfd 0x9a is no instruction
    expect(WebAssembly.validate(unknown)).toBe(false);
  });

  test('differ, so that relaxed SIMD is asked for by itself', () => {
    expect(RELAXED_SIMD_PROBE.length).toBeGreaterThan(SIMD_PROBE.length);
    expect(() => new WebAssembly.Module(SIMD_PROBE)).not.toThrow();
  });

  test('are well formed up to the instruction in question', () => {
    // Where relaxed SIMD is off (Node 20), the engine must complain about the instruction, not about the module.
    try {
      new WebAssembly.Module(RELAXED_SIMD_PROBE);
    } catch (error) {
      expect(String(error)).toMatch(/relaxed|opcode|instruction/iu);
    }
  });

  test('abilities can be asked for without a page', () => {
    expect(abilities()).toMatchObject({ simd: true, isolated: false });
  });
});

describe('the choice', () => {
  test.each<[string, Partial<Abilities>, string, number, RegExp | null]>([
    ['everything', {}, 'relaxed-simd-threads', 4, null],
    ['many cores', { cores: 64 }, 'relaxed-simd-threads', 8, null],
    ['not isolated', { isolated: false }, 'relaxed-simd', 1, /not cross-origin isolated.*COOP and COEP/u],
    ['one core', { cores: 1 }, 'relaxed-simd', 1, /one core/u],
    ['no relaxed SIMD', { relaxed_simd: false }, 'simd128', 1, /no relaxed SIMD/u],
  ])('with %s', (_, here, build, threads, reason) => {
    const choice = chooseBuild('auto', undefined, { ...all, ...here });
    expect(choice).toMatchObject({ build, threads });
    if (reason === null) expect(choice.threads_off_reason).toBeNull();
    else expect(choice.threads_off_reason).toMatch(reason);
  });

  test('threads as asked', () => {
    expect(chooseBuild('auto', 2, all)).toMatchObject({ build: 'relaxed-simd-threads', threads: 2 });
    expect(chooseBuild('auto', 1, all)).toMatchObject({
      build: 'relaxed-simd',
      threads: 1,
      threads_off_reason: 'One thread was asked for.',
    });
  });

  test('builds as asked', () => {
    expect(chooseBuild('simd128', undefined, all)).toMatchObject({ build: 'simd128', threads: 1 });
    expect(chooseBuild('relaxed-simd', undefined, all)).toMatchObject({ build: 'relaxed-simd', threads: 1 });
    expect(chooseBuild('relaxed-simd-threads', 1, all)).toMatchObject({ build: 'relaxed-simd-threads', threads: 1 });
  });

  test.each<[string, Parameters<typeof chooseBuild>[0], number | undefined, Partial<Abilities>, string]>([
    ['no SIMD at all', 'auto', undefined, { simd: false }, 'unsupported_browser'],
    [
      'threads where memory cannot be shared',
      'relaxed-simd-threads',
      undefined,
      { isolated: false },
      'unsupported_browser',
    ],
    ['relaxed SIMD where there is none', 'relaxed-simd', undefined, { relaxed_simd: false }, 'unsupported_browser'],
    ['an unknown build', 'avx' as 'auto', undefined, {}, 'invalid_option'],
    ['no threads', 'auto', 0, {}, 'invalid_option'],
    ['half a thread', 'auto', 1.5, {}, 'invalid_option'],
  ])('refuses %s', (_, build, threads, here, code) => {
    expect(() => chooseBuild(build, threads, { ...all, ...here })).toThrow(expect.objectContaining({ code }));
  });
});
