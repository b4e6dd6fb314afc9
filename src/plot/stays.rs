//! Known stays, and the laws that were fitted to them.

use super::axis::{Scale, Ticks, number};
use super::sheet::{
    CHAINED, Chart, DASHED, DOTTED, LIGHT, Pen, SOLID, Sheet, Spot, filled, level_marks,
};
use super::text::StaysWords;
use super::{NothingToDraw, Plot, Source};
use crate::simulation::{StayHistogram, StayRow, Stays};
use crate::stats::FittedLaw;
use crate::units::grouped;
use crate::words;

/// Height of a panel.
const HEIGHT: f64 = 130.0;
/// Groups that are drawn; further ones are in the table.
const MOST_GROUPS: usize = 8;
/// Lines of laws that can be told apart, the best one first.
const PENS: [Pen; 4] = [SOLID, DASHED, CHAINED, DOTTED];
/// Points of a line.
const POINTS: u32 = 120;

/// The stays of each group as bars, and over them how many each fitted law has there: the law with the least AIC first,
/// each with its distance and the chance of one as large (Kolmogorov and Smirnov).
///
/// # Errors
///
/// When no stay is listed: medians have nothing to draw.
pub fn stays(stays: &Stays, source: &Source) -> Result<Plot, NothingToDraw> {
    let mut drawn: Vec<(&StayRow, &StayHistogram)> = Vec::new();
    for row in stays.rows() {
        if let Some(histogram) = &row.histogram {
            drawn.push((row, histogram));
        }
    }
    if drawn.is_empty() {
        return Err(NothingToDraw::NoStays);
    }
    let mut sheet = Sheet::new(StaysWords::here().title, StaysWords::here().about);
    for (row, histogram) in drawn.iter().take(MOST_GROUPS) {
        panel(&mut sheet, row, histogram);
    }
    if drawn.len() > MOST_GROUPS {
        let count = (drawn.len() - MOST_GROUPS).to_string();
        sheet.say(&filled(StaysWords::here().left_out, &[("count", &count)]));
    }
    Ok(sheet.finish(source))
}

/// Hospital, specialty and urgency of a group.
fn group(row: &StayRow) -> String {
    let words = StaysWords::here();
    let mut parts = vec![row.specialty.as_str()];
    parts.push(row.hospital.as_deref().unwrap_or(words.all_hospitals));
    match row.is_elective {
        Some(true) => parts.push(words.elective),
        Some(false) => parts.push(words.emergency),
        None => {}
    }
    parts.join(", ")
}

fn panel(sheet: &mut Sheet, row: &StayRow, histogram: &StayHistogram) {
    sheet.heading(&group(row));
    let width = histogram.bin_days;
    let mut tallest = histogram.counts.iter().copied().max().unwrap_or(0) as f64;
    for fit in &histogram.fits {
        for number in 0..histogram.counts.len() {
            tallest = tallest.max(expected(histogram, &fit.law, (number as f64 + 0.5) * width));
        }
    }
    let frame = sheet.frame(HEIGHT);
    let ticks = Ticks::around(0.0, tallest, 4);
    let upright = sheet.upright(frame, &ticks, StaysWords::here().axis);
    let longest = width * histogram.counts.len() as f64;
    let level_ticks = Ticks::around(0.0, longest, 6);
    let level = Scale::new(&level_ticks, frame.left, frame.right);
    let chart = Chart { level, upright };
    bars(sheet, histogram, chart);
    for (fit, pen) in histogram.fits.iter().zip(PENS) {
        let mut spots: Vec<Spot> = Vec::with_capacity(POINTS as usize);
        for point in 0..POINTS {
            // From the middle of a bin's width on: nobody stays less than nothing.
            let share = f64::from(point) / f64::from(POINTS - 1);
            let days = width / 2.0 + share * (longest - width);
            spots.push(chart.spot(days, expected(histogram, &fit.law, days)));
        }
        sheet.path(&spots, pen);
    }
    sheet.level(frame, &level_marks(&level_ticks, &level), StaysWords::here().axis_days);
    legend(sheet, histogram);
}

/// Stays that a law has within half a bin of so many days.
fn expected(histogram: &StayHistogram, law: &FittedLaw, days: f64) -> f64 {
    let half = histogram.bin_days / 2.0;
    let share = law.share_below(days + half) - law.share_below((days - half).max(0.0));
    share * histogram.stays() as f64
}

fn bars(sheet: &mut Sheet, histogram: &StayHistogram, chart: Chart) {
    for (bin, count) in histogram.counts.iter().enumerate() {
        if *count == 0 {
            continue;
        }
        let from = bin as f64 * histogram.bin_days;
        let to = from + histogram.bin_days;
        let told = filled(
            StaysWords::here().bar,
            &[("from", &number(from, 2)), ("to", &number(to, 2)), ("count", &grouped(*count))],
        );
        // A hair between bars, so that each can be told from its neighbour.
        let (mut foot, mut head) = (chart.spot(from, 0.0), chart.spot(to, *count as f64));
        foot.x += 0.3;
        head.x -= 0.3;
        sheet.bar(foot, head, LIGHT, &told);
    }
}

fn legend(sheet: &mut Sheet, histogram: &StayHistogram) {
    let whole = grouped(histogram.stays());
    let beyond = grouped(histogram.beyond);
    sheet.key(LIGHT, &filled(StaysWords::here().stays, &[("count", &whole), ("beyond", &beyond)]));
    let least = histogram.fits.first().map_or(0.0, |fit| fit.aic);
    for (fit, pen) in histogram.fits.iter().zip(PENS) {
        let told = filled(
            StaysWords::here().law,
            &[
                ("law", words::text(fit.law.name())),
                ("aic", &number(fit.aic - least, 1)),
                ("distance", &number(fit.distance, 3)),
                ("chance", &number(fit.chance, 3)),
            ],
        );
        sheet.key(pen, &told);
    }
}
