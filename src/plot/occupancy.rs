//! How full the beds get from day to day.

use super::axis::{Scale, Ticks, number};
use super::sheet::{
    BAND, CHAINED, Chart, DASHED, DOTTED, LevelMark, MIDDLE, PLAIN, Pen, SOLID, Sheet, Spot, filled,
};
use super::text::{MONTHS, OccupancyWords, UnitWords};
use super::{NothingToDraw, Plot, Source};
use crate::calendar::Date;
use crate::simulation::DayCensus;
use crate::units::grouped;
use crate::words;

/// The occupied beds of a run over its days.
///
/// ```
/// use verbund::plot::OccupancyCurve;
///
/// // Two days of a hospital of 100 beds: 80 and 90 of them are occupied.
/// let curve = OccupancyCurve::new("as it is", 100, Vec::new());
/// assert_eq!(curve.beds, 100);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OccupancyCurve {
    /// What the run is called: the network as it is, or a scenario.
    pub name: String,
    /// All of its beds, staffed or not.
    pub beds: u32,
    /// Occupied beds at the end of each day, as
    /// [`Results::census_by_day`](crate::simulation::Results::census_by_day) has them.
    pub days: Vec<DayCensus>,
}

impl OccupancyCurve {
    /// A run of this name, with so many beds.
    pub fn new(name: impl Into<String>, beds: u32, days: Vec<DayCensus>) -> Self {
        Self { name: name.into(), beds, days }
    }
}

/// Days, runs and whose beds they are.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OccupancyView {
    /// Name of the hospital whose beds they are; `None` for all inside.
    pub hospital: Option<String>,
    /// The first day that counts.
    pub first_day: Date,
    /// Replications of each run.
    pub replications: u64,
    /// The network as it is, then scenarios beside it; of more than four the first four are drawn.
    pub curves: Vec<OccupancyCurve>,
}

impl OccupancyView {
    /// These runs of the beds of all hospitals inside, from this day on.
    pub fn new(first_day: Date, replications: u64, curves: Vec<OccupancyCurve>) -> Self {
        Self { hospital: None, first_day, replications, curves }
    }

    /// The same of the beds of one hospital, by its name.
    #[must_use]
    pub fn of_hospital(self, name: impl Into<String>) -> Self {
        Self { hospital: Some(name.into()), ..self }
    }
}

/// Height of the panel.
const HEIGHT: f64 = 170.0;
/// Lines of runs that can be told apart.
const PENS: [Pen; 4] = [SOLID, DASHED, CHAINED, DOTTED];
/// Points of a line: more than that lie closer than anybody sees.
const MOST_POINTS: usize = 400;
/// Days of a run that are drawn one by one: of more, the difference of weekdays and weekends hides all others.
const MOST_DAYS: usize = 70;

/// Occupied beds at the end of each day, in per cent of all beds: a line a run, and for the first one an area from the
/// fewest to the most in any replication. Of long runs several days are one point, which is said.
///
/// # Errors
///
/// When there is no day or no bed.
pub fn occupancy(view: &OccupancyView, source: &Source) -> Result<Plot, NothingToDraw> {
    let drawn = &view.curves[..view.curves.len().min(PENS.len())];
    let mut longest = 0;
    for curve in drawn {
        longest = longest.max(curve.days.len());
    }
    let has_beds = drawn.first().is_some_and(|curve| curve.beds > 0);
    if longest == 0 || !has_beds {
        return Err(NothingToDraw::NoDays);
    }

    let subject = view.hospital.as_deref().unwrap_or(OccupancyWords::here().inside);
    let title = filled(OccupancyWords::here().title, &[("where", subject)]);
    let about = filled(
        OccupancyWords::here().about,
        &[
            ("beds", &grouped(u64::from(drawn[0].beds))),
            ("replications", &grouped(view.replications)),
        ],
    );
    let mut sheet = Sheet::new(&title, &about);
    let length = period(longest);
    if length > 1 {
        sheet.say(&filled(OccupancyWords::here().about_periods, &[("days", &length.to_string())]));
    }
    let left_out = view.curves.len() - drawn.len();
    if left_out > 0 {
        sheet.say(&filled(OccupancyWords::here().left_out, &[("count", &left_out.to_string())]));
    }

    let mut curves = Vec::new();
    for curve in drawn {
        curves.push(Shares::of(curve, length));
    }
    draw(&mut sheet, &curves, view, longest);
    legend(&mut sheet, &curves);
    Ok(sheet.finish(source))
}

/// Days that are one point: of more than a few, whole weeks.
fn period(days: usize) -> usize {
    if days <= MOST_DAYS {
        return 1;
    }
    7 * (days / 7).div_ceil(MOST_POINTS)
}

/// A run in per cent of its beds, by period.
struct Shares<'c> {
    name: &'c str,
    mean: Vec<f64>,
    least: Vec<f64>,
    most: Vec<f64>,
    /// Days of a period.
    length: usize,
}

impl<'c> Shares<'c> {
    fn of(curve: &'c OccupancyCurve, length: usize) -> Self {
        let percent = 100.0 / f64::from(curve.beds.max(1));
        let mut shares = Self {
            name: &curve.name,
            mean: Vec::new(),
            least: Vec::new(),
            most: Vec::new(),
            length,
        };
        // A part of a week has its own weekdays, and would look like a change.
        let whole = curve.days.len() / length * length;
        for period in DayCensus::by_period(&curve.days[..whole], length) {
            shares.mean.push(period.mean * percent);
            shares.least.push(f64::from(period.least) * percent);
            shares.most.push(f64::from(period.most) * percent);
        }
        shares
    }

    /// Where values lie, each in the middle of its days.
    fn spots(&self, values: &[f64], chart: Chart) -> Vec<Spot> {
        let mut spots = Vec::with_capacity(values.len());
        for (period, value) in values.iter().enumerate() {
            let day = (period as f64 + 0.5) * self.length as f64;
            spots.push(chart.spot(day, *value));
        }
        spots
    }
}

fn draw(sheet: &mut Sheet, curves: &[Shares<'_>], view: &OccupancyView, days: usize) {
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for (position, curve) in curves.iter().enumerate() {
        // The area of the first run is drawn, of the others the line.
        let bounds = if position == 0 { [&curve.least, &curve.most] } else { [&curve.mean; 2] };
        for value in bounds.into_iter().flatten() {
            low = low.min(*value);
            high = high.max(*value);
        }
    }
    let ticks = Ticks::around(low, high, 5);
    let frame = sheet.frame(HEIGHT);
    let upright = sheet.upright(frame, &ticks, OccupancyWords::here().axis);
    let level = Scale::between(0.0, days as f64, frame.left, frame.right);

    let chart = Chart { level, upright };
    if let Some(first) = curves.first() {
        let mut area = first.spots(&first.least, chart);
        let mut back = first.spots(&first.most, chart);
        back.reverse();
        area.extend(back);
        sheet.area(&area, BAND);
    }
    if (ticks.low()..=ticks.high()).contains(&100.0) {
        let y = upright.spot(100.0);
        sheet.across(frame.left, frame.right, y, MIDDLE);
    }
    for (curve, pen) in curves.iter().zip(PENS) {
        let spots = curve.spots(&curve.mean, chart);
        // A single day is no line.
        match spots[..] {
            [only] => sheet.dot(PLAIN, only, &number(curve.mean[0], 1)),
            _ => sheet.path(&spots, pen),
        }
    }

    let marks = day_marks(view.first_day, days, &level);
    let last = view.first_day.plus_days(days as u32 - 1).unwrap_or(view.first_day);
    let (from, to) = (view.first_day.first_day().to_string(), last.to_string());
    sheet.level(
        frame,
        &marks,
        &filled(OccupancyWords::here().axis_days, &[("from", &from), ("to", &to)]),
    );
    if ticks.low() > 0.0 {
        sheet.say(UnitWords::here().zero_missing);
    }
    if (ticks.low()..=ticks.high()).contains(&100.0) {
        sheet.key(MIDDLE, OccupancyWords::here().full);
    }
}

fn legend(sheet: &mut Sheet, curves: &[Shares<'_>]) {
    for (position, (curve, pen)) in curves.iter().zip(PENS).enumerate() {
        let name = [("name", curve.name)];
        sheet.key(pen, &filled(OccupancyWords::here().mean, &name));
        if position == 0 {
            sheet.key(BAND, &filled(OccupancyWords::here().band, &name));
        }
    }
}

/// Labels of an axis of days that have room beside each other.
const MOST_LABELS: usize = 7;

/// The first days of months; of short runs, days that are equally far apart; of long ones, years.
fn day_marks(first: Date, days: usize, level: &Scale) -> Vec<LevelMark> {
    let mut months = Vec::new();
    for day in 0..days {
        let Some(date) = first.plus_days(day as u32) else { break };
        let text = date.to_string();
        // From behind: the year may have a sign and more than four digits.
        let mut parts = text.rsplit('-');
        let (Some(of_month), Some(month)) = (parts.next(), parts.next()) else { break };
        let name = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.max(1) - 1));
        if of_month == "01" {
            let label = words::text(name.copied().unwrap_or_default()).to_owned();
            let is_january = month == "01";
            // A year begins with its number.
            let label = if is_january { date.year().to_string() } else { label };
            months.push((is_january, LevelMark { x: level.spot(day as f64), label }));
        }
    }

    let mut marks = Vec::new();
    let years = months.iter().filter(|(is_january, _)| *is_january).count();
    if years > MOST_LABELS / 2 {
        let step = years.div_ceil(MOST_LABELS);
        months.retain(|(is_january, _)| *is_january);
        marks.extend(months.into_iter().step_by(step).map(|(_, mark)| mark));
    } else if months.len() >= 3 {
        let step = months.len().div_ceil(MOST_LABELS);
        marks.extend(months.into_iter().step_by(step).map(|(_, mark)| mark));
    } else {
        let step = days.div_ceil(4).max(1);
        for day in (0..days).step_by(step) {
            let Some(date) = first.plus_days(day as u32) else { break };
            let label = date.to_string();
            let label = label.get(label.len().saturating_sub(5)..).unwrap_or_default().to_owned();
            marks.push(LevelMark { x: level.spot(day as f64), label });
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(first: &str, days: usize) -> Vec<String> {
        let level = Scale::between(0.0, days as f64, 0.0, 300.0);
        let marks = day_marks(first.parse().unwrap(), days, &level);
        marks.into_iter().map(|mark| mark.label).collect()
    }

    #[test]
    fn days_are_marked_at_months_years_or_equal_steps() {
        assert_eq!(labels("2026-01-01", 365), ["2026", "Mar", "May", "Jul", "Sep", "Nov"]);
        assert_eq!(labels("2026-06-15", 120), ["Jul", "Aug", "Sep", "Oct"]);
        assert_eq!(labels("2026-01-10", 20), ["01-10", "01-15", "01-20", "01-25"]);
        assert_eq!(labels("2026-01-10", 1), ["01-10"]);
        assert_eq!(labels("2026-01-01", 365 * 10), ["2026", "2028", "2030", "2032", "2034"]);
        assert!(labels("2026-01-01", 36_500).len() <= 8);
        // The calendar ends.
        assert!(labels("9999-12-30", 400).len() <= 1);
    }

    #[test]
    fn a_month_stands_where_its_first_day_is() {
        let level = Scale::between(0.0, 365.0, 0.0, 365.0);
        let marks = day_marks("2026-01-01".parse().unwrap(), 365, &level);
        assert_eq!((marks[0].x, marks[1].x), (0.0, 59.0));
    }
}
