//! A member of an alliance over the years.

use super::axis::{Scale, Ticks, short};
use super::sheet::{
    ALARM, Chart, DARK, DASHED, LevelMark, MIDDLE, PLAIN, Pen, SOLID, Sheet, filled,
};
use super::text::{UnitWords, VARIATION, YearsWords};
use super::{NothingToDraw, Plot, Source};
use crate::alliance::{Indicator, Variation, Xmr};
use crate::words;

/// A chart over years with what it is about.
#[derive(Debug, Clone, Copy)]
pub struct YearsView<'y> {
    /// The indicator.
    pub indicator: &'y Indicator,
    /// Name of the member.
    pub member: &'y str,
    /// The years of the points.
    pub years: &'y [i16],
    /// The chart.
    pub chart: &'y Xmr,
}

/// Height of the panel.
const HEIGHT: f64 = 170.0;
/// Numbers of years that have room beside each other.
const MOST_LABELS: usize = 8;

/// A member's figures by year, with their mean and limits: years that are special as filled diamonds with what they
/// say, the others as circles.
///
/// # Errors
///
/// When there is no year.
pub fn years(view: &YearsView<'_>, source: &Source) -> Result<Plot, NothingToDraw> {
    let YearsView { indicator, chart, years, .. } = *view;
    if years.is_empty() || chart.points.is_empty() {
        return Err(NothingToDraw::NoYears);
    }
    let names = [("indicator", indicator.name.as_str()), ("member", view.member)];
    let mut sheet = Sheet::new(&filled(YearsWords::here().title, &names), YearsWords::here().about);
    if chart.is_short {
        sheet.say(YearsWords::here().about_short);
    }
    if years.windows(2).any(|pair| pair[1] != pair[0] + 1) {
        sheet.say(YearsWords::here().about_gap);
    }
    let is_cut = draw(&mut sheet, view);
    if is_cut {
        sheet.say(UnitWords::here().zero_missing);
    }

    let value = |number: f64| short(number * indicator.per);
    sheet.key(MIDDLE, &filled(YearsWords::here().mean, &[("value", &value(chart.mean))]));
    let limits = [("lower", value(chart.lower)), ("upper", value(chart.upper))];
    let limits = limits.each_ref().map(|(name, value)| (*name, value.as_str()));
    sheet.key(DASHED, &filled(YearsWords::here().limits, &limits));
    sheet.key(PLAIN, YearsWords::here().common);
    // Only what is on the picture is explained.
    let mut told = vec![Variation::Common];
    for point in &chart.points {
        if told.contains(&point.variation) {
            continue;
        }
        told.push(point.variation);
        let words = variation(point.variation);
        sheet.key(
            look(point.variation),
            &filled(YearsWords::here().special, &[("variation", words)]),
        );
    }
    Ok(sheet.finish(source))
}

fn variation(variation: Variation) -> &'static str {
    let [common, improvement, concern, high, low] = VARIATION;
    words::text(match variation {
        Variation::Common => common,
        Variation::Improvement => improvement,
        Variation::Concern => concern,
        Variation::High => high,
        Variation::Low => low,
    })
}

/// How a year is marked.
fn look(variation: Variation) -> Pen {
    match variation {
        Variation::Common => PLAIN,
        // The other way by shape as well: in grey, both are dark.
        Variation::Improvement | Variation::Low => DARK,
        Variation::Concern | Variation::High => ALARM,
    }
}

/// Draws the panel; whether its axis begins above 0.
fn draw(sheet: &mut Sheet, view: &YearsView<'_>) -> bool {
    let YearsView { indicator, chart, years, .. } = *view;
    let per = indicator.per;
    let (mut low, mut high) = (chart.lower * per, chart.upper * per);
    for point in &chart.points {
        low = low.min(point.value * per);
        high = high.max(point.value * per);
    }
    let ticks = Ticks::around(low, high, 5);
    let frame = sheet.frame(HEIGHT);
    let upright = sheet.upright(frame, &ticks, &indicator.unit);
    // By year, not by number: a gap is seen.
    let (first, last) = (f64::from(years[0]), f64::from(years[years.len() - 1]));
    let level = Scale::between(first - 0.5, last + 0.5, frame.left, frame.right);
    let panel = Chart { level, upright };
    let lines = [(chart.mean, MIDDLE), (chart.lower, DASHED), (chart.upper, DASHED)];
    for (value, pen) in lines {
        let y = upright.spot(value * per);
        sheet.across(frame.left, frame.right, y, pen);
    }

    let mut spots = Vec::new();
    for (year, point) in years.iter().zip(&chart.points) {
        spots.push(panel.spot(f64::from(*year), point.value * per));
    }
    sheet.path(&spots, SOLID);
    let mut marks = Vec::new();
    let step = years.len().div_ceil(MOST_LABELS);
    for (position, (year, point)) in years.iter().zip(&chart.points).enumerate() {
        let spot = spots[position];
        let words = variation(point.variation);
        let label = year.to_string();
        let value = short(point.value * per);
        let told = [("year", label.as_str()), ("value", &value), ("variation", words)];
        let told = filled(YearsWords::here().point, &told);
        sheet.describe(&format!("{told}."));
        sheet.dot(look(point.variation), spot, &told);
        if position % step == 0 {
            marks.push(LevelMark { x: spot.x, label });
        }
    }
    sheet.level(frame, &marks, UnitWords::here().year);
    ticks.low() > 0.0
}
