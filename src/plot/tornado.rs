//! What each factor changes in the simulated figures.

use super::axis::{Scale, Ticks, number, signed};
use super::sheet::{
    DARK, LIGHT, LevelMark, MARGIN, MIDDLE, Pen, SOLID, Sheet, Spot, TEXT, WIDTH, filled,
    level_marks, wrapped,
};
use super::text::{FACTORS, FIGURES, TornadoWords};
use super::{NothingToDraw, Plot, Source};
use crate::simulation::{Bar, End, Factor, Figure, Tornado};
use crate::words;

/// Height of a factor: a line of text, and its bar below.
const ROW: f64 = 36.0;
/// Height of each further line of text.
const LINE: f64 = 13.0;
/// Height of its bar.
const BAR: f64 = 12.0;

/// What each factor changes in these figures, a panel each, the widest bar first: the low end of a factor light, its
/// high end dark, with the 95 % interval of each difference.
///
/// # Errors
///
/// When no factor has both ends.
pub fn tornado(
    tornado: &Tornado,
    figures: &[Figure],
    source: &Source,
) -> Result<Plot, NothingToDraw> {
    let mut sheet = Sheet::new(TornadoWords::here().title, TornadoWords::here().about);
    let mut is_empty = true;
    for figure in figures {
        let bars = tornado.bars(*figure);
        if !bars.is_empty() {
            is_empty = false;
            panel(&mut sheet, *figure, &bars);
        }
    }
    if is_empty {
        return Err(NothingToDraw::NoBars);
    }
    sheet.key(LIGHT, TornadoWords::here().low);
    sheet.key(DARK, TornadoWords::here().high);
    sheet.key(MIDDLE, TornadoWords::here().interval);
    Ok(sheet.finish(source))
}

/// How a figure is told.
struct Told {
    name: &'static str,
    /// Unit of its value.
    unit: &'static str,
    /// Unit of its differences.
    difference: &'static str,
    /// What its value is multiplied by.
    factor: f64,
    decimals: usize,
}

impl Told {
    fn of(figure: Figure) -> Self {
        let key = figure.key();
        let mut told = Self { name: key, unit: "", difference: "", factor: 1.0, decimals: 0 };
        for (known, name, unit) in FIGURES {
            if known == key {
                let unit = words::text(unit);
                (told.name, told.unit, told.difference) = (words::text(name), unit, unit);
            }
        }
        if figure.is_share() {
            (told.factor, told.decimals) = (100.0, 1);
            told.difference = TornadoWords::here().points;
        } else if matches!(figure, Figure::WaitingDays | Figure::Blocked) {
            told.decimals = 2;
        }
        told
    }

    fn change(&self, end: &End) -> f64 {
        end.change.mean * self.factor
    }

    /// Half the width of the interval of a difference; 0 of a single replication, which has none.
    fn half(&self, end: &End) -> f64 {
        end.change.half_width.unwrap_or(0.0) * self.factor
    }
}

fn factor_name(factor: Factor) -> &'static str {
    for (key, name) in FACTORS {
        if key == factor.key() {
            return words::text(name);
        }
    }
    factor.key()
}

fn panel(sheet: &mut Sheet, figure: Figure, bars: &[&Bar]) {
    let told = Told::of(figure);
    let middle = number(bars[0].middle.mean * told.factor, told.decimals);
    let middle = format!("{middle} {}", told.unit);
    sheet.heading(&filled(
        TornadoWords::here().panel,
        &[("figure", told.name), ("middle", &middle)],
    ));

    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for bar in bars {
        for end in [&bar.low, &bar.high] {
            low = low.min(told.change(end) - told.half(end));
            high = high.max(told.change(end) + told.half(end));
        }
    }
    let ticks = Ticks::around(low, high, 5);
    let texts: Vec<String> = bars.iter().map(|bar| row_text(&told, bar)).collect();
    let mut heights = Vec::with_capacity(texts.len());
    for text in &texts {
        heights.push(ROW + LINE * (lines_of(text).len().max(1) - 1) as f64);
    }
    let mut frame = sheet.frame(heights.iter().sum());
    frame.left = 24.0;
    // Changes have two sides, and no upright axis: what stands at the left is text.
    frame.top -= 14.0;
    frame.bottom -= 8.0;
    let level = Scale::new(&ticks, frame.left, frame.right);
    let mut top = frame.top;
    for (position, bar) in bars.iter().enumerate() {
        let text = &texts[position];
        draw(sheet, &told, bar, Row { text, top, level });
        top += heights[position];
    }

    let mut marks: Vec<LevelMark> = level_marks(&ticks, &level);
    for (mark, value) in marks.iter_mut().zip(&ticks.values) {
        if *value > 0.0 {
            mark.label.insert(0, '+');
        }
    }
    sheet.level(frame, &marks, told.difference);
}

/// Where a factor is drawn.
#[derive(Clone, Copy)]
struct Row<'r> {
    text: &'r str,
    top: f64,
    level: Scale,
}

/// What a row says of its factor.
fn row_text(told: &Told, bar: &Bar) -> String {
    let decimals = told.decimals;
    filled(
        TornadoWords::here().row,
        &[
            ("factor", factor_name(bar.factor)),
            ("low", &number(bar.low.factor, 2)),
            ("high", &number(bar.high.factor, 2)),
            ("change_low", &signed(told.change(&bar.low), decimals)),
            ("change_high", &signed(told.change(&bar.high), decimals)),
        ],
    )
}

/// The same in as many lines as it needs: German is longer than English.
fn lines_of(text: &str) -> Vec<String> {
    wrapped(text, WIDTH - 2.0 * MARGIN, TEXT.size)
}

fn draw(sheet: &mut Sheet, told: &Told, bar: &Bar, row: Row<'_>) {
    let text = row.text;
    sheet.describe(&format!("{text}."));
    let mut top = row.top + 3.0;
    for line in lines_of(text) {
        sheet.label(Spot { x: MARGIN, y: top + 8.0 }, &line);
        top += LINE;
    }
    let middle = top + 0.5 * BAR;
    let zero = row.level.spot(0.0);
    // Both ends may lie on one side: the shorter one is drawn last, and each has its half of the height there.
    let change_low = told.change(&bar.low);
    let change_high = told.change(&bar.high);
    let is_one_side = change_low * change_high > 0.0;
    let border = if is_one_side { middle } else { top + BAR };
    let foot = if is_one_side { middle } else { top };
    let low_end = Spot { x: row.level.spot(change_low), y: border };
    sheet.bar(Spot { x: zero, y: top }, low_end, LIGHT, text);
    let high_end = Spot { x: row.level.spot(change_high), y: top + BAR };
    sheet.bar(Spot { x: zero, y: foot }, high_end, DARK, text);

    // Beside the bars alone: it would cross the words of the rows.
    sheet.down(zero, top - 2.0, top + BAR + 4.0, MIDDLE);
    let y = f64::midpoint(top, border);
    interval(sheet, told, &bar.low, IntervalPlace { level: row.level, y });
    let y = f64::midpoint(foot, top + BAR);
    interval(sheet, told, &bar.high, IntervalPlace { level: row.level, y });
}

/// Where an interval is drawn.
#[derive(Clone, Copy)]
struct IntervalPlace {
    level: Scale,
    y: f64,
}

fn interval(sheet: &mut Sheet, told: &Told, end: &End, place: IntervalPlace) {
    let half = told.half(end);
    if half <= 0.0 {
        return;
    }
    let change = told.change(end);
    let IntervalPlace { level, y } = place;
    let (from, to) = (level.spot(change - half), level.spot(change + half));
    // White below, or a dark line would be lost in a dark bar.
    let halo = Pen { stroke: "#ffffff", width: 3.0, ..SOLID };
    for pen in [halo, MIDDLE] {
        sheet.across(from, to, y, pen);
        sheet.down(from, y - 3.0, y + 3.0, pen);
        sheet.down(to, y - 3.0, y + 3.0, pen);
    }
}
