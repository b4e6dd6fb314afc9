//! Laws of times that few models use: how they are drawn, and what their moments are.

use rand::RngExt;
use rand_distr::{Distribution as _, Exp1, Gamma};
use rand_xoshiro::SplitMix64;

use super::distribution::{Distribution, MixturePart, Sampler};

/// How far sums of shares may be from 1.
const TOLERANCE: f64 = 1e-9;

/// Most phases of a phase type: its moments take time by the third power of them.
const MOST_PHASES: usize = 100;

/// Least share of a law that must lie within the limits it is truncated to, as it is drawn until one does.
pub(super) const LEAST_MASS: f64 = 0.001;

/// Steps of the integrals over a truncated law: its mean is then right to five digits.
const STEPS: u32 = 4096;

/// A law ready to be drawn from.
#[derive(Debug, Clone)]
pub(super) enum Law {
    Uniform { from: f64, to: f64 },
    Triangular { least: f64, mode: f64, most: f64 },
    Weibull { scale: f64, power: f64, by_length: Gamma<f64> },
    Hyperexponential { up_to: Vec<f64>, up_to_by_length: Vec<f64>, means: Vec<f64> },
    PhaseType(Phases),
    Mixture { up_to: Vec<f64>, up_to_by_length: Vec<f64>, parts: Vec<Sampler> },
    Truncated { law: Sampler, from: f64, to: f64 },
}

/// Phases that are gone through one after the other.
#[derive(Debug, Clone)]
pub(super) struct Phases {
    up_to: Vec<f64>,
    /// The phase at a random moment of what goes on.
    up_to_within: Vec<f64>,
    means: Vec<f64>,
    /// By phase, the sums of the shares that go on to each; whoever draws more is done.
    next: Vec<Vec<f64>>,
}

impl Law {
    /// Of a distribution without faults; `None` for those that have a sampler of their own.
    pub(super) fn new(distribution: &Distribution) -> Option<Self> {
        Some(match distribution {
            Distribution::Uniform { from, to } => Self::Uniform { from: *from, to: *to },
            Distribution::Triangular { least, mode, most } => {
                Self::Triangular { least: *least, mode: *mode, most: *most }
            }
            Distribution::Weibull { mean, shape } => {
                let power = 1.0 / shape;
                let scale = mean / libm::tgamma(1.0 + power);
                // By length, the hazard up to it is a gamma with the shape 1 + 1 / shape.
                let by_length = Gamma::new(1.0 + power, 1.0).ok()?;
                Self::Weibull { scale, power, by_length }
            }
            Distribution::Hyperexponential { shares, means } => Self::Hyperexponential {
                up_to: sums(shares),
                up_to_by_length: sums(&products(shares, means)),
                means: means.clone(),
            },
            Distribution::PhaseType { initial, rates } => {
                Self::PhaseType(Phases::new(initial, rates)?)
            }
            Distribution::Mixture(parts) => {
                let (mut shares, mut means, mut samplers) = (Vec::new(), Vec::new(), Vec::new());
                for part in parts {
                    shares.push(part.share);
                    means.push(part.law.mean());
                    samplers.push(Sampler::new(&part.law));
                }
                Self::Mixture {
                    up_to: sums(&shares),
                    up_to_by_length: sums(&products(&shares, &means)),
                    parts: samplers,
                }
            }
            Distribution::Truncated { law, from, to } => {
                Self::Truncated { law: Sampler::new(law), from: *from, to: *to }
            }
            _ => return None,
        })
    }

    #[inline(never)]
    pub(super) fn draw(&self, numbers: &mut SplitMix64) -> f64 {
        match self {
            Self::Uniform { from, to } => from + (to - from) * numbers.random::<f64>(),
            Self::Triangular { least, mode, most } => {
                let (drawn, width) = (numbers.random::<f64>(), most - least);
                if drawn * width < mode - least {
                    least + (drawn * width * (mode - least)).sqrt()
                } else {
                    most - ((1.0 - drawn) * width * (most - mode)).sqrt()
                }
            }
            Self::Weibull { scale, power, .. } => scale * libm::pow(exponential(numbers), *power),
            Self::Hyperexponential { up_to, means, .. } => {
                means[chosen(up_to, numbers)] * exponential(numbers)
            }
            Self::PhaseType(phases) => phases.draw(&phases.up_to, numbers),
            Self::Mixture { up_to, parts, .. } => parts[chosen(up_to, numbers)].draw(numbers),
            Self::Truncated { law, from, to } => loop {
                let drawn = law.draw(numbers);
                if *from <= drawn && drawn <= *to {
                    return drawn;
                }
            },
        }
    }

    /// What is left at a random moment of something that goes on.
    pub(super) fn draw_rest(&self, numbers: &mut SplitMix64) -> f64 {
        match self {
            Self::Uniform { from, to } => {
                let drawn: f64 = numbers.random();
                let length = (from * from + drawn * (to * to - from * from)).sqrt();
                length * numbers.random::<f64>()
            }
            Self::Weibull { scale, power, by_length } => {
                let length = scale * libm::pow(by_length.sample(numbers), *power);
                length * numbers.random::<f64>()
            }
            Self::Hyperexponential { up_to_by_length, means, .. } => {
                means[chosen(up_to_by_length, numbers)] * exponential(numbers)
            }
            Self::PhaseType(phases) => phases.draw(&phases.up_to_within, numbers),
            Self::Mixture { up_to_by_length, parts, .. } => {
                parts[chosen(up_to_by_length, numbers)].draw_rest(numbers)
            }
            Self::Triangular { most, .. } | Self::Truncated { to: most, .. } => loop {
                let length = self.draw(numbers);
                // Kept the more often the longer it is, as it is then met the more often.
                if numbers.random::<f64>() * most <= length {
                    return length * numbers.random::<f64>();
                }
            },
        }
    }
}

impl Phases {
    fn new(initial: &[f64], rates: &[Vec<f64>]) -> Option<Self> {
        let (mut means, mut next) = (Vec::new(), Vec::new());
        for (phase, row) in rates.iter().enumerate() {
            means.push(-1.0 / row[phase]);
            let mut shares: Vec<f64> = Vec::with_capacity(row.len());
            for (column, rate) in row.iter().enumerate() {
                shares.push(if column == phase { 0.0 } else { -rate / row[phase] });
            }
            next.push(running(&shares));
        }
        Some(Self {
            up_to: sums(initial),
            up_to_within: sums(&time_in_phases(initial, rates)?),
            means,
            next,
        })
    }

    fn draw(&self, up_to: &[f64], numbers: &mut SplitMix64) -> f64 {
        let mut phase = chosen(up_to, numbers);
        let mut length = 0.0;
        loop {
            length += self.means[phase] * exponential(numbers);
            let drawn: f64 = numbers.random();
            match self.next[phase].iter().position(|sum| drawn < *sum) {
                Some(next) => phase = next,
                None => return length,
            }
        }
    }
}

fn exponential(numbers: &mut SplitMix64) -> f64 {
    Exp1.sample(numbers)
}

/// The sum of each number and those before it.
pub(super) fn running(values: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut list = Vec::with_capacity(values.len());
    for value in values {
        sum += value;
        list.push(sum);
    }
    list
}

/// The same, of weights that need not sum to 1.
fn sums(weights: &[f64]) -> Vec<f64> {
    let mut list = running(weights);
    let whole = list.last().copied().unwrap_or(1.0);
    for sum in &mut list {
        *sum /= whole;
    }
    list
}

fn products(left: &[f64], right: &[f64]) -> Vec<f64> {
    let mut list = Vec::with_capacity(left.len());
    for (left, right) in left.iter().zip(right) {
        list.push(left * right);
    }
    list
}

/// The position that a number from 0 to 1 falls on.
fn chosen(up_to: &[f64], numbers: &mut SplitMix64) -> usize {
    let drawn: f64 = numbers.random();
    up_to.iter().position(|sum| drawn < *sum).unwrap_or(up_to.len() - 1)
}

/// How long each phase lasts in the mean until the end: the start times the inverse of minus the rates (Neuts 1981,
/// Matrix-Geometric Solutions in Stochastic Models, section 2.2). `None` where some phase is never left.
fn time_in_phases(initial: &[f64], rates: &[Vec<f64>]) -> Option<Vec<f64>> {
    let count = initial.len();
    // Rows of the equations time x (-rates) = initial, one column more for the right side.
    let mut rows = vec![vec![0.0; count + 1]; count];
    for (number, row) in rows.iter_mut().enumerate() {
        for phase in 0..count {
            row[phase] = -rates[phase][number];
        }
        row[count] = initial[number];
    }
    for pivot in 0..count {
        let best = (pivot..count)
            .max_by(|a, b| rows[*a][pivot].abs().total_cmp(&rows[*b][pivot].abs()))?;
        rows.swap(pivot, best);
        let first = rows[pivot].clone();
        if first[pivot].abs() < f64::MIN_POSITIVE {
            return None;
        }
        for (number, row) in rows.iter_mut().enumerate() {
            let factor = if number == pivot { 0.0 } else { row[pivot] / first[pivot] };
            for column in pivot..=count {
                row[column] -= factor * first[column];
            }
        }
    }
    let mut times = Vec::with_capacity(count);
    for (number, row) in rows.iter().enumerate() {
        let time = row[count] / row[number];
        if !time.is_finite() || time < -TOLERANCE {
            return None;
        }
        times.push(time.max(0.0));
    }
    Some(times)
}

/// Mean and mean square.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) square: f64,
}

impl Moments {
    const NONE: Self = Self { mean: 0.0, square: 0.0 };

    pub(super) fn cv(self) -> f64 {
        let variance = (self.square - self.mean * self.mean).max(0.0);
        if self.mean > 0.0 { variance.sqrt() / self.mean } else { 0.0 }
    }

    fn add(&mut self, share: f64, part: Self) {
        self.mean += share * part.mean;
        self.square += share * part.square;
    }
}

/// The moments of one of these laws.
pub(super) fn moments(distribution: &Distribution) -> Moments {
    match distribution {
        Distribution::Uniform { from, to } => Moments {
            mean: f64::midpoint(*from, *to),
            square: (from * from + from * to + to * to) / 3.0,
        },
        Distribution::Triangular { least, mode, most } => {
            let sum = least + mode + most;
            let squares = least * least + mode * mode + most * most;
            Moments { mean: sum / 3.0, square: (squares + sum * sum) / 12.0 }
        }
        Distribution::Weibull { mean, shape } => {
            let power = 1.0 / shape;
            let scale = mean / libm::tgamma(1.0 + power);
            Moments { mean: *mean, square: scale * scale * libm::tgamma(1.0 + 2.0 * power) }
        }
        Distribution::Hyperexponential { shares, means } => {
            let mut sum = Moments::NONE;
            for (share, mean) in shares.iter().zip(means) {
                sum.add(*share, Moments { mean: *mean, square: 2.0 * mean * mean });
            }
            sum
        }
        Distribution::PhaseType { initial, rates } => phase_moments(initial, rates),
        Distribution::Mixture(parts) => {
            let mut sum = Moments::NONE;
            for MixturePart { share, law } in parts {
                sum.add(*share, law.moments());
            }
            sum
        }
        Distribution::Truncated { law, from, to } => truncated_moments(law, *from, *to),
        _ => Moments { mean: distribution.mean(), square: 0.0 },
    }
}

fn phase_moments(initial: &[f64], rates: &[Vec<f64>]) -> Moments {
    let Some(times) = time_in_phases(initial, rates) else { return Moments::NONE };
    let twice = time_in_phases(&times, rates).unwrap_or_default();
    Moments { mean: times.iter().sum(), square: 2.0 * twice.iter().sum::<f64>() }
}

/// By the areas over the distribution function, which is bounded even where the density is not.
fn truncated_moments(law: &Distribution, from: f64, to: f64) -> Moments {
    let (Some(low), Some(high)) = (below(law, from), below(law, to)) else { return Moments::NONE };
    let step = (to - from) / f64::from(STEPS);
    let mut moments = Moments { mean: from, square: from * from };
    for number in 0..STEPS {
        let middle = from + (f64::from(number) + 0.5) * step;
        let longer = (high - below(law, middle).unwrap_or(high)) / (high - low) * step;
        moments.mean += longer;
        moments.square += 2.0 * middle * longer;
    }
    moments
}

/// The share of a law that is below a time; `None` for phase types and what is truncated already.
pub(super) fn below(law: &Distribution, time: f64) -> Option<f64> {
    if time <= 0.0 {
        return Some(0.0);
    }
    Some(match law {
        Distribution::Exponential { mean } => -libm::expm1(-time / mean),
        Distribution::Lognormal { cv, mean } | Distribution::Gamma { cv, mean } if *cv == 0.0 => {
            f64::from(u8::from(*mean <= time))
        }
        Distribution::Lognormal { mean, cv } => {
            let variance = libm::log1p(cv * cv);
            let normal = (libm::log(time / mean) + variance / 2.0) / variance.sqrt();
            libm::erfc(-normal / std::f64::consts::SQRT_2) / 2.0
        }
        Distribution::Gamma { mean, cv } => {
            incomplete_gamma(1.0 / (cv * cv), time / (mean * cv * cv))
        }
        Distribution::Erlang { mean, stages } => {
            incomplete_gamma(f64::from(*stages), time * f64::from(*stages) / mean)
        }
        Distribution::Weibull { mean, shape } => {
            let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
            -libm::expm1(-libm::pow(time / scale, *shape))
        }
        Distribution::Uniform { from, to } => ((time - from) / (to - from)).clamp(0.0, 1.0),
        Distribution::Triangular { least, mode, most } => {
            let width = most - least;
            if time <= *least {
                0.0
            } else if time < *mode {
                (time - least) * (time - least) / (width * (mode - least))
            } else if time < *most {
                1.0 - (most - time) * (most - time) / (width * (most - mode))
            } else {
                1.0
            }
        }
        Distribution::Hyperexponential { shares, means } => {
            let mut sum = 0.0;
            for (share, mean) in shares.iter().zip(means) {
                sum -= share * libm::expm1(-time / mean);
            }
            sum
        }
        Distribution::Mixture(parts) => {
            let mut sum = 0.0;
            for MixturePart { share, law } in parts {
                sum += share * below(law, time)?;
            }
            sum
        }
        Distribution::Deterministic(value) => f64::from(u8::from(*value <= time)),
        Distribution::Empirical(values) => {
            let mut count: u32 = 0;
            for value in values {
                count += u32::from(*value <= time);
            }
            f64::from(count) / values.len().max(1) as f64
        }
        Distribution::PhaseType { .. } | Distribution::Truncated { .. } => return None,
    })
}

/// The regularised lower incomplete gamma function, by its series below the shape and by Lentz's continued fraction
/// above it (Press et al. 2007, Numerical Recipes, section 6.2).
// Not that of statrs: it gives 0 for times below 1e-15, of which a gamma with a spread of a hundred times its mean has most,
// and its logarithm of the gamma function differs from platform to platform, where that of libm gives the same bits.
fn incomplete_gamma(shape: f64, time: f64) -> f64 {
    let front = libm::exp(shape * libm::log(time) - time - libm::lgamma(shape));
    if time < shape + 1.0 {
        let (mut term, mut sum, mut next) = (1.0 / shape, 1.0 / shape, shape);
        while term > sum * f64::EPSILON {
            next += 1.0;
            term *= time / next;
            sum += term;
        }
        return (front * sum).min(1.0);
    }
    let mut lower = time + 1.0 - shape;
    let (mut c, mut d) = (1.0 / f64::MIN_POSITIVE, 1.0 / lower);
    let mut fraction = d;
    // It needs about the square root of the shape; the bound is for shapes that no check lets in.
    for step in 1..100_000 {
        let step = f64::from(step);
        let factor = -step * (step - shape);
        lower += 2.0;
        d = 1.0 / (factor * d + lower);
        c = lower + factor / c;
        fraction *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    (1.0 - front * fraction).clamp(0.0, 1.0)
}

/// What is wrong with the parameters of one of these laws, in words; `None` for nothing.
pub(super) fn fault(distribution: &Distribution) -> Option<String> {
    match distribution {
        Distribution::Uniform { from, to } => rising(&[*from, *to]),
        Distribution::Triangular { least, mode, most } => {
            let is_between = least <= mode && mode <= most;
            if is_between {
                rising(&[*least, *most])
            } else {
                Some(format!("a mode of {mode}; expected {least} to {most}"))
            }
        }
        Distribution::Erlang { mean, stages } => {
            if *stages == 0 {
                return Some("0 stages; expected at least one".to_owned());
            }
            above_zero("mean", *mean)
        }
        Distribution::Weibull { mean, shape } => {
            // Beyond, the spread is a hundred thousand times the mean, or as good as none.
            if !(0.1..=1000.0).contains(shape) {
                return Some(format!("the shape is {shape}; expected 0.1 to 1000"));
            }
            above_zero("mean", *mean)
        }
        Distribution::Hyperexponential { shares, means } => {
            if shares.len() != means.len() {
                return Some(format!(
                    "{} shares and {} means; expected as many of both",
                    shares.len(),
                    means.len()
                ));
            }
            shares_fault(shares).or_else(|| means.iter().find_map(|mean| above_zero("mean", *mean)))
        }
        Distribution::PhaseType { initial, rates } => phase_fault(initial, rates),
        Distribution::Mixture(parts) => {
            let (mut shares, mut fault) = (Vec::with_capacity(parts.len()), None);
            for MixturePart { share, law } in parts {
                shares.push(*share);
                fault = fault.or_else(|| law.fault());
            }
            shares_fault(&shares).or(fault)
        }
        Distribution::Truncated { law, from, to } => truncation_fault(law, *from, *to),
        _ => None,
    }
}

fn truncation_fault(law: &Distribution, from: f64, to: f64) -> Option<String> {
    let fault = law.fault().or_else(|| rising(&[from, to]));
    if fault.is_some() {
        return fault;
    }
    let (Some(low), Some(high)) = (below(law, from), below(law, to)) else {
        return Some("a phase type or a truncated law cannot be truncated".to_owned());
    };
    // Where nearly nothing lies between, drawing until one does would take for ever.
    (high - low < LEAST_MASS).then(|| {
        format!(
            "a share of {} lies from {from} to {to}; expected at least {LEAST_MASS}",
            high - low
        )
    })
}

fn above_zero(what: &str, value: f64) -> Option<String> {
    let is_right = value.is_finite() && value > 0.0;
    (!is_right).then(|| format!("the {what} is {value}; expected a number above 0"))
}

/// A fault of two limits that are no times, or do not rise.
fn rising([low, high]: &[f64; 2]) -> Option<String> {
    let is_right = high.is_finite() && *low >= 0.0 && low < high;
    (!is_right).then(|| format!("from {low} to {high}; expected times, 0 or more, that rise"))
}

fn shares_fault(shares: &[f64]) -> Option<String> {
    if let Some(share) = shares.iter().find(|share| !(0.0..=1.0).contains(*share)) {
        return Some(format!("a share of {share}; expected 0 to 1"));
    }
    // The sum of nothing is minus zero, which would be printed with its sign.
    let sum = shares.iter().sum::<f64>() + 0.0;
    let is_whole = (sum - 1.0).abs() <= TOLERANCE;
    (!is_whole).then(|| format!("the shares sum to {sum}; expected 1"))
}

fn phase_fault(initial: &[f64], rates: &[Vec<f64>]) -> Option<String> {
    let count = initial.len();
    if count > MOST_PHASES {
        return Some(format!("{count} phases; expected at most {MOST_PHASES}"));
    }
    if rates.len() != count || rates.iter().any(|row| row.len() != count) {
        return Some(format!("the rates are not a matrix of {count} x {count}"));
    }
    for (phase, row) in rates.iter().enumerate() {
        for (column, rate) in row.iter().enumerate() {
            let is_right = if column == phase { *rate < 0.0 } else { *rate >= 0.0 };
            if !rate.is_finite() || !is_right {
                let place = format!("row {}, column {}", phase + 1, column + 1);
                return Some(format!(
                    "a rate of {rate} in {place}; expected below 0 on the diagonal, else 0 or more"
                ));
            }
        }
        let sum: f64 = row.iter().sum();
        if sum > TOLERANCE * row[phase].abs() {
            return Some(format!(
                "row {} of the rates sums to {sum}; expected 0 or less",
                phase + 1
            ));
        }
    }
    let fault = shares_fault(initial);
    if fault.is_none() && time_in_phases(initial, rates).is_none() {
        return Some("some phases are never left".to_owned());
    }
    fault
}

#[cfg(test)]
mod tests {
    use statrs::function::gamma::gamma_lr;

    use super::*;

    #[test]
    fn the_incomplete_gamma_is_that_of_statrs_but_for_the_least_times() {
        for shape in [1e-4, 0.01, 0.25, 1.0, 2.5, 9.0, 25.0] {
            for factor in [1e-6, 0.01, 0.3, 0.9, 1.0, 1.1, 2.0, 5.0, 20.0] {
                let time = shape * factor;
                let (ours, theirs) = (incomplete_gamma(shape, time), gamma_lr(shape, time));
                assert!((ours - theirs).abs() < 1e-12, "{ours} and {theirs} at {shape}, {time}");
            }
        }
        // By its first term, as all others vanish: time^shape / gamma(1 + shape).
        let (shape, time) = (1e-4_f64, 1e-16_f64);
        let first = libm::pow(time, shape) / libm::tgamma(1.0 + shape);
        assert!((incomplete_gamma(shape, time) - first).abs() < 1e-12);
        assert_eq!(gamma_lr(shape, time), 0.0);
    }
}
