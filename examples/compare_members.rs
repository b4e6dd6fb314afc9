//! Does a member of an alliance differ by more than chance, and by more than members differ anyway? Deaths of ten
//! hospitals beside those that were expected of their patients; all figures are invented.
//!
//! Run with `cargo run --release --example compare_members`.

use verbund::alliance::{
    Centre, Dependence, Figure, Law, Level, LimitRule, Reference, Scale, Scaled, Signal, Trim,
    against_reference, discovery_rates, limits, overdispersion, widened_limits,
};

/// Deaths and expected deaths of a year.
const HOSPITALS: [(u64, f64); 10] = [
    (880, 1000.0),
    (1110, 1000.0),
    (640, 700.0),
    (520, 480.0),
    (330, 300.0),
    (255, 280.0),
    (210, 180.0),
    (95, 90.0),
    (61, 70.0),
    (70, 40.0),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // How much hospitals differ beyond chance, with the outermost drawn in.
    let scale = Scale::RootRatio;
    let mut members = Vec::new();
    for (deaths, expected) in HOSPITALS {
        let value = scale.of(deaths as f64 / expected).ok_or("no ratio")?;
        members.push(Scaled { value, error: scale.error(expected) });
    }
    let spread = overdispersion(&members, Centre::Fixed(1.0), Trim::Winsorise(0.1))?;
    println!("phi {:.2}, tau {:.3}: 1 and 0 when chance is all there is", spread.phi, spread.tau());
    assert!(spread.phi > 1.0);

    let mut p_values = Vec::new();
    for (deaths, expected) in HOSPITALS {
        p_values.push(Law::poisson(expected)?.tails(deaths).two_sided());
    }
    let rates = discovery_rates(&p_values, Dependence::Positive);

    let (mut by_chance, mut by_both) = (0, 0);
    println!("deaths  expected  ratio  by chance  widened  IQTIG  false discovery");
    for ((deaths, expected), rate) in HOSPITALS.into_iter().zip(rates) {
        let ratio = deaths as f64 / expected;
        let chance = limits(&Law::poisson(expected)?, Level::P998, LimitRule::MidP);
        let chance = chance.signal(deaths as f64);
        let widened = widened_limits(scale, 1.0, spread.tau(), expected, Level::P998).signal(ratio);
        let figure = Figure::Ratio { events: deaths, expected };
        let reference = against_reference(figure, 1.0, Reference::AtMost)?.ok_or("no count")?;
        by_chance += u32::from(chance != Signal::Within);
        by_both += u32::from(widened != Signal::Within);
        println!(
            "{deaths:6}  {expected:8}  {ratio:5.2}  {chance:>9?}  {widened:>7?}  {:>5}  {rate:.4}",
            reference.is_unusual
        );
    }
    // Large hospitals are unusual by chance alone; only the smallest differs more than hospitals do anyway.
    assert!(by_chance > by_both && by_both == 1);
    Ok(())
}
