// SPDX-License-Identifier: MPL-2.0
//! How likely chance alone would give what was counted, or something further from what is expected.

/// Both tails of a normal deviate.
pub fn normal(deviate: f64) -> f64 {
    upper_gamma(0.5, deviate * deviate / 2.0)
}

/// Upper tail of chi-square.
pub fn chi_square(value: f64, freedom: usize) -> f64 {
    upper_gamma(freedom as f64 / 2.0, value / 2.0)
}

/// Both tails of chi-square: what is too even is made by somebody, too.
pub fn chi_square_both(value: f64, freedom: usize) -> f64 {
    let above = chi_square(value, freedom);
    let below = lower_gamma(freedom as f64 / 2.0, value / 2.0);
    (2.0 * above.min(below)).min(1.0)
}

/// Both tails of the hypergeometric: of `all` places `marked` are of a kind; `drawn` were drawn and
/// `seen` of these are of that kind.
pub fn hypergeometric(all: usize, marked: usize, drawn: usize, seen: usize) -> f64 {
    let least = (marked + drawn).saturating_sub(all);
    let most = marked.min(drawn);
    let below: f64 = (least..=seen).map(|n| exactly(all, marked, drawn, n)).sum();
    let above: f64 = (seen..=most).map(|n| exactly(all, marked, drawn, n)).sum();
    (2.0 * below.min(above)).min(1.0)
}

/// Mean and variance of the hypergeometric.
pub fn moments(all: usize, marked: usize, drawn: usize) -> (f64, f64) {
    let (all, marked, drawn) = (all as f64, marked as f64, drawn as f64);
    let share = marked / all;
    let variance = drawn * share * (1.0 - share) * (all - drawn) / (all - 1.0).max(1.0);
    (drawn * share, variance)
}

/// The least of `many` independent ones, which is small by chance when there are many.
pub fn least(all: impl IntoIterator<Item = f64>) -> f64 {
    let (mut n, mut least) = (0_usize, 1.0_f64);
    for p in all {
        n += 1;
        least = least.min(p);
    }
    if n == 0 { 1.0 } else { (least * n as f64).min(1.0) }
}

/// Chi-square of byte values that should be alike.
pub fn bytes(counts: &[usize; 256]) -> f64 {
    let all: usize = counts.iter().sum();
    let expected = all as f64 / 256.0;
    if all == 0 {
        return 1.0;
    }
    let value = counts.iter().map(|n| (*n as f64 - expected).powi(2) / expected).sum();
    chi_square_both(value, 255)
}

fn exactly(all: usize, marked: usize, drawn: usize, seen: usize) -> f64 {
    let unmarked = all - marked;
    if seen > marked || drawn < seen || drawn - seen > unmarked {
        return 0.0;
    }
    (ln_choose(marked, seen) + ln_choose(unmarked, drawn - seen) - ln_choose(all, drawn)).exp()
}

fn ln_choose(n: usize, k: usize) -> f64 {
    let ln_factorial = |n: usize| ln_gamma(n as f64 + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// Lanczos, g = 7, nine terms: 15 digits.
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        let pi = std::f64::consts::PI;
        return (pi / (pi * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let sum = TERMS
        .iter()
        .enumerate()
        .fold(0.999_999_999_999_809_9, |sum, (n, term)| sum + term / (x + n as f64 + 1.0));
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// Q(a, x), by a series below a + 1 and a continued fraction above, so that tails stay exact.
fn upper_gamma(a: f64, x: f64) -> f64 {
    if x < a + 1.0 { 1.0 - series(a, x) } else { fraction(a, x) }
}

/// P(a, x).
fn lower_gamma(a: f64, x: f64) -> f64 {
    if x < a + 1.0 { series(a, x) } else { 1.0 - fraction(a, x) }
}

fn series(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    while term > sum * 1e-16 {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum * (a * x.ln() - x - ln_gamma(a)).exp()
}

/// Lentz's method.
fn fraction(a: f64, x: f64) -> f64 {
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / tiny, 1.0 / b);
    let mut h = d;
    for n in 1..100_000 {
        let term = -f64::from(n) * (f64::from(n) - a);
        b += 2.0;
        d = term * d + b;
        d = 1.0 / if d.abs() < tiny { tiny } else { d };
        c = b + term / c;
        c = if c.abs() < tiny { tiny } else { c };
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    h * (a * x.ln() - x - ln_gamma(a)).exp()
}
