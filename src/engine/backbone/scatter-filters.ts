/**
 * Filters of the scattering network. Morlet wavelets as in J. Bruna, S. Mallat, "Invariant Scattering Convolution Networks"
 * (IEEE TPAMI 2013, https://arxiv.org/abs/1203.1513), section 2.1, with σ and ξ as in Kymatio (https://www.kymat.io).
 */

/** L: orientations kπ/L. Eight complex wavelets are sixteen real filters: one vector of the widest CPUs. */
export const orientations = 8;

/** Side of the wavelets' support in pixels: at its edge the envelope has fallen to 8 % along the wave's crests, to 0.1 % across. */
export const waveletSide = 7;

const envelopeWidth = 0.8;
const centreFrequency = (3 * Math.PI) / 4;
/** Width ÷ length of the envelope. */
const slant = 0.6;

/**
 * The real and the imaginary part of the Morlet wavelet ψ_θ(u) = C · (e^{iξ·u} − β) · e^{−|u|²_θ / 2σ²}, row by row.
 * β makes the sum vanish on the truncated support as well, so that a constant picture gives exactly nothing;
 * C makes the absolute values sum to 1, so that no response exceeds the picture's range.
 */
export function morlet(theta: number): { real: Float64Array; imaginary: Float64Array } {
  const real = new Float64Array(waveletSide ** 2);
  const imaginary = new Float64Array(waveletSide ** 2);
  const envelope = new Float64Array(waveletSide ** 2);
  const half = (waveletSide - 1) / 2;
  for (let i = 0; i < envelope.length; i++) {
    const x = (i % waveletSide) - half;
    const y = Math.floor(i / waveletSide) - half;
    const along = x * Math.cos(theta) + y * Math.sin(theta);
    const across = -x * Math.sin(theta) + y * Math.cos(theta);
    const value = Math.exp(-(along ** 2 + (slant * across) ** 2) / (2 * envelopeWidth ** 2));
    envelope[i] = value;
    real[i] = value * Math.cos(centreFrequency * along);
    imaginary[i] = value * Math.sin(centreFrequency * along);
  }
  const beta = sum(real) / sum(envelope);
  for (let i = 0; i < real.length; i++) real[i] = real[i]! - beta * envelope[i]!;
  const scale = 1 / real.reduce((total, value, i) => total + Math.hypot(value, imaginary[i]!), 0);
  return { real: real.map((value) => value * scale), imaginary: imaginary.map((value) => value * scale) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** All wavelets as the weight of one convolution, [2L, 1, side, side]: first the L real parts, then the L imaginary ones. */
export function morletWeights(): Float32Array {
  const area = waveletSide ** 2;
  const weights = new Float32Array(2 * orientations * area);
  for (let k = 0; k < orientations; k++) {
    const { real, imaginary } = morlet((k * Math.PI) / orientations);
    weights.set(real, k * area);
    weights.set(imaginary, (orientations + k) * area);
  }
  return weights;
}

/** [L, 2L, 1, 1]: adds the squares of each wavelet's real and imaginary part. */
export function pairingWeights(): Float32Array {
  const weights = new Float32Array(orientations * 2 * orientations);
  for (let k = 0; k < orientations; k++) {
    weights[k * 2 * orientations + k] = 1;
    weights[k * 2 * orientations + orientations + k] = 1;
  }
  return weights;
}

/** [count, count, 1, 1]: every channel less `share` of the mean of all. */
export function centringWeights(count: number, share: number): Float32Array {
  return Float32Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0) - share / count);
}

/**
 * The low-pass filter before each halving, [1, 1, 4, 4]: binomial, of even length so that the halved grid lies symmetrically in the
 * fine one and turning the picture by 90° only permutes the orientations.
 */
export function halvingWeights(): Float32Array {
  const taps = [1 / 8, 3 / 8, 3 / 8, 1 / 8];
  return Float32Array.from(taps.flatMap((row) => taps.map((column) => row * column)));
}
