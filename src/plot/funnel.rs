//! Members of an alliance against chance.

use super::axis::{Scale, Ticks, short};
use super::sheet::{
    ALARM, Chart, DASHED, DOTTED, LABEL, MIDDLE, PLAIN, Sheet, Spot, filled, level_marks,
};
use super::text::FunnelWords;
use super::{NothingToDraw, Plot, Source};
use crate::alliance::{
    FunnelPoint, Indicator, IndicatorComparison, IndicatorKind, Level, Limits, Member,
    MemberFigure, Signal,
};

/// A comparison with the lines in which its members lie.
#[derive(Debug, Clone, Copy)]
pub struct FunnelView<'f> {
    /// The indicator.
    pub indicator: &'f Indicator,
    /// All members of the table.
    pub members: &'f [Member],
    /// The members in this indicator.
    pub comparison: &'f IndicatorComparison,
    /// The lines, as [`funnel_lines`](crate::alliance::funnel_lines) has them.
    pub lines: &'f [FunnelPoint],
    /// The level of the lines.
    pub level: Level,
}

/// Height of the panel.
const HEIGHT: f64 = 200.0;
/// Members that are named below the picture; those outside of the limits come first.
const MOST_NAMED: usize = 15;

/// The members of an alliance in one indicator by their size: those outside of the wider limits as filled diamonds, the
/// others as circles, with the limits of chance, and those with how much members differ anyway.
///
/// # Errors
///
/// When there are no lines: of numbers by themselves, of fewer than two members, or without any event.
pub fn funnel(view: &FunnelView<'_>, source: &Source) -> Result<Plot, NothingToDraw> {
    let (comparison, indicator) = (view.comparison, view.indicator);
    let Some(centre) = comparison.centre.filter(|_| view.lines.len() > 1) else {
        return Err(NothingToDraw::NoFunnel);
    };
    let year = comparison.year.to_string();
    let names = [("indicator", indicator.name.as_str()), ("year", &year)];
    let mut sheet =
        Sheet::new(&filled(FunnelWords::here().title, &names), FunnelWords::here().about);
    draw(&mut sheet, view, centre);

    let value = format!("{} {}", short(centre * indicator.per), indicator.unit);
    let is_ratio = indicator.kind == IndicatorKind::Ratio;
    let words =
        if is_ratio { FunnelWords::here().centre_of_ratio } else { FunnelWords::here().centre };
    sheet.key(MIDDLE, &filled(words, &[("value", value.trim_end())]));
    // 99.8 and 95, not 95.0.
    let level = short(100.0 * view.level.share());
    let level = [("level", level.trim_end_matches('0').trim_end_matches('.'))];
    sheet.key(DOTTED, &filled(FunnelWords::here().limits, &level));
    sheet.key(DASHED, &filled(FunnelWords::here().widened, &level));
    sheet.key(PLAIN, FunnelWords::here().within);
    sheet.key(ALARM, FunnelWords::here().outside);
    name_members(&mut sheet, view);
    Ok(sheet.finish(source))
}

fn signal(member: &MemberFigure) -> Signal {
    member.chance.as_ref().map_or(Signal::Within, |chance| chance.widened_signal)
}

/// The positions of the members in the order in which they are named: those outside of the limits first.
fn order(comparison: &IndicatorComparison) -> Vec<usize> {
    let mut order: Vec<usize> = (0..comparison.members.len()).collect();
    order.sort_by_key(|position| signal(&comparison.members[*position]) == Signal::Within);
    order
}

fn draw(sheet: &mut Sheet, view: &FunnelView<'_>, centre: f64) {
    let (comparison, per) = (view.comparison, view.indicator.per);
    let (mut low, mut high) = (centre * per, centre * per);
    let mut largest = 0.0_f64;
    for member in &comparison.members {
        low = low.min(member.value * per);
        high = high.max(member.value * per);
        largest = largest.max(member.figure.base().unwrap_or(0.0));
    }
    // Of tiny members limits run away: they are cut where twice the room of the members ends.
    let room = (high - low).max(0.1 * high.abs());
    for point in view.lines {
        for limits in [point.limits, point.widened] {
            low = low.min(limits.lower.unwrap_or(0.0).max(0.0) * per).max(0.0);
            let upper = limits.upper.map_or(high, |upper| upper * per);
            high = high.max(upper.min(centre * per + 2.0 * room));
        }
    }

    let ticks = Ticks::around(low, high, 5);
    let frame = sheet.frame(HEIGHT);
    let upright = sheet.upright(frame, &ticks, &view.indicator.unit);
    let level_ticks = Ticks::around(0.0, largest, 5);
    let level = Scale::new(&level_ticks, frame.left, frame.right);
    let y = upright.spot(centre * per);
    sheet.across(frame.left, frame.right, y, MIDDLE);

    // Lines end with the panel.
    let top = ticks.high();
    let end = level_ticks.high();
    let chart = Chart { level, upright };
    let lines = Lines { points: view.lines, chart, per, top, end };
    for (pick, pen) in [
        (by_chance as fn(&FunnelPoint) -> Limits, DOTTED),
        (widened as fn(&FunnelPoint) -> Limits, DASHED),
    ] {
        for side in [lower as fn(Limits) -> Option<f64>, upper] {
            sheet.path(&lines.spots(pick, side), pen);
        }
    }

    let order = order(comparison);
    let mut spots = Vec::with_capacity(order.len());
    for position in &order {
        let member = &comparison.members[*position];
        let base = member.figure.base().unwrap_or(0.0);
        spots.push(chart.spot(base, member.value * per));
    }
    let mut numbers: Vec<Spot> = Vec::new();
    for (number, position) in order.into_iter().enumerate() {
        let (member, spot) = (&comparison.members[position], spots[number]);
        let is_within = signal(member) == Signal::Within;
        let pen = if is_within { PLAIN } else { ALARM };
        sheet.dot(pen, spot, &told(view, number + 1, member));
        if number < MOST_NAMED {
            let label = beside(spot, &spots, &numbers);
            sheet.text(label, LABEL, &(number + 1).to_string());
            numbers.push(label);
        }
    }
    let name = match view.indicator.kind {
        IndicatorKind::Ratio => FunnelWords::here().size_ratio,
        IndicatorKind::Rate => FunnelWords::here().size_rate,
        _ => FunnelWords::here().size_share,
    };
    sheet.level(frame, &level_marks(&level_ticks, &level), name);
}

/// Where the number of a mark stands: the first place beside it that no other mark and no other number has; where all
/// are taken, the first.
fn beside(mark: Spot, marks: &[Spot], numbers: &[Spot]) -> Spot {
    let left = mark.x - 10.0;
    let right = mark.x + 10.0;
    let above = mark.y - 4.0;
    let below = mark.y + 13.0;
    let places = [
        Spot { x: right, y: above },
        Spot { x: left, y: above },
        Spot { x: right, y: below },
        Spot { x: left, y: below },
    ];
    for place in &places {
        // Numbers stand on their foot, marks around their middle.
        let middle = Spot { x: place.x, y: place.y - 4.0 };
        let has_mark = marks.iter().any(|near| *near != mark && are_near(middle, *near));
        let has_number = numbers.iter().any(|near| are_near(*place, *near));
        if !has_mark && !has_number {
            return *place;
        }
    }
    places[0]
}

/// Whether two numbers, or a number and a mark, would touch.
fn are_near(place: Spot, near: Spot) -> bool {
    (place.x - near.x).abs() < 13.0 && (place.y - near.y).abs() < 11.0
}

fn by_chance(point: &FunnelPoint) -> Limits {
    point.limits
}

fn widened(point: &FunnelPoint) -> Limits {
    point.widened
}

fn lower(limits: Limits) -> Option<f64> {
    limits.lower
}

fn upper(limits: Limits) -> Option<f64> {
    limits.upper
}

/// Lines of limits on a panel.
struct Lines<'f> {
    points: &'f [FunnelPoint],
    chart: Chart,
    per: f64,
    /// The value at the upper end of the panel.
    top: f64,
    /// The size at the right end.
    end: f64,
}

impl Lines<'_> {
    /// The points of a line; what is beyond the panel is left out, as drawn along its edge would be no limit.
    fn spots(
        &self,
        pick: fn(&FunnelPoint) -> Limits,
        side: fn(Limits) -> Option<f64>,
    ) -> Vec<Spot> {
        let mut spots = Vec::new();
        for point in self.points {
            let Some(limit) = side(pick(point)) else { continue };
            let value = limit * self.per;
            if value <= self.top && point.base <= self.end {
                spots.push(self.chart.spot(point.base, value));
            }
        }
        spots
    }
}

/// A member with its value, and on which side of the limits it lies.
fn told(view: &FunnelView<'_>, number: usize, member: &MemberFigure) -> String {
    let side = match signal(member) {
        Signal::Low => FunnelWords::here().low,
        Signal::High => FunnelWords::here().high,
        Signal::Within => FunnelWords::here().inside,
    };
    let name = view.members.get(member.member).map_or("", |member| member.name.as_str());
    filled(
        FunnelWords::here().member,
        &[
            ("number", &number.to_string()),
            ("name", name),
            ("value", &short(member.value * view.indicator.per)),
            ("signal", side),
        ],
    )
}

fn name_members(sheet: &mut Sheet, view: &FunnelView<'_>) {
    let comparison = view.comparison;
    sheet.skip(4.0);
    let order = order(comparison);
    for (number, position) in order.iter().enumerate().take(MOST_NAMED) {
        let text = told(view, number + 1, &comparison.members[*position]);
        sheet.say(&text);
    }
    let more = order.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        sheet.say(&filled(FunnelWords::here().more, &[("count", &more.to_string())]));
    }
}
