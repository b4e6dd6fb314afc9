//! How many people need how many minutes.

use super::axis::{Scale, Ticks, number};
use super::sheet::{
    Chart, DARK, DOTTED, EMPTY, Frame, LABEL, LIGHT, LevelMark, PeopleUnit, Sheet, Spot, filled,
    level_marks,
};
use super::text::{MinutesWords, UnitWords};
use super::{NothingToDraw, Plot, Source};
use crate::coverage::{MinutesOfPeople, share};
use crate::model::Standard;
use crate::units::grouped;
use crate::words;

/// Height of a panel.
const HEIGHT: f64 = 120.0;
/// Room of the bar of those who reach none, with the gap before it.
const APART: f64 = 44.0;

/// The people of each standard by their minutes, a panel each: one bar a bin, as high as it has people; those in time
/// dark, those beyond light, those who reach no hospital apart.
///
/// # Errors
///
/// When no standard has anybody.
pub fn minutes(standards: &[MinutesOfPeople], source: &Source) -> Result<Plot, NothingToDraw> {
    if standards.iter().all(|minutes| minutes.histogram.people() == 0) {
        return Err(NothingToDraw::NoPeople);
    }
    let title = match standards {
        [only] => filled(MinutesWords::here().title, &[("standard", called(&only.standard))]),
        _ => MinutesWords::here().title_of_several.to_owned(),
    };
    let about = filled(MinutesWords::here().about, &[("hours", source.hours())]);
    let mut sheet = Sheet::new(&title, &about);
    for minutes in standards {
        panel(&mut sheet, minutes);
    }
    Ok(sheet.finish(source))
}

fn panel(sheet: &mut Sheet, minutes: &MinutesOfPeople) {
    let standard = &minutes.standard;
    let histogram = &minutes.histogram;
    let group = standard.population.in_print();
    let names = [("standard", called(standard)), ("group", &group)];
    // A panel without a bar would look like one in which nobody needs any time.
    if histogram.people() == 0 {
        sheet.say(&filled(MinutesWords::here().nobody, &names));
        return;
    }
    sheet.heading(&filled(MinutesWords::here().panel, &names));

    let tallest = histogram.bins.iter().copied().max().unwrap_or(0).max(histogram.unreached);
    let people = PeopleUnit::of(tallest);
    let frame = sheet.frame(HEIGHT);
    let ticks = Ticks::around(0.0, people.in_unit(tallest), 4);
    let upright = sheet.upright(frame, &ticks, people.name);

    let last = histogram.bins.len().max(1) - 1;
    // The limit is on the picture, also where nobody travels so long.
    let longest = histogram.end(last).minutes().max(f64::from(standard.minutes));
    let level_ticks = Ticks::around(0.0, longest, 6);
    let end = frame.right - if histogram.unreached > 0 { APART } else { 0.0 };
    let level = Scale::new(&level_ticks, frame.left, end);
    let panel = Panel { minutes, frame, people, chart: Chart { level, upright } };
    panel.bars(sheet);

    let mut marks = level_marks(&level_ticks, &level);
    if histogram.unreached > 0 {
        let x = frame.right - 0.25 * APART;
        marks.push(LevelMark { x, label: MinutesWords::here().none.to_owned() });
    }
    panel.limit(sheet);
    sheet.level(frame, &marks, UnitWords::here().minutes);
    panel.legend(sheet);
}

/// A standard with its axes.
/// What a standard is called in the language in force.
fn called(standard: &Standard) -> &str {
    words::name_of(&standard.name, &standard.name_de)
}

struct Panel<'m> {
    minutes: &'m MinutesOfPeople,
    frame: Frame,
    people: PeopleUnit,
    chart: Chart,
}

impl Panel<'_> {
    fn bars(&self, sheet: &mut Sheet) {
        let histogram = &self.minutes.histogram;
        let limit = self.minutes.standard.limit();
        let mut from = 0.0;
        for (bin, count) in histogram.bins.iter().enumerate() {
            let end = histogram.end(bin);
            let to = end.minutes();
            if *count > 0 {
                let told = filled(
                    MinutesWords::here().bar,
                    &[
                        ("from", &number(from, 0)),
                        ("to", &number(to, 0)),
                        ("people", &grouped(*count)),
                    ],
                );
                let pen = if end <= limit { DARK } else { LIGHT };
                // A hair between bars, so that each can be told from its neighbour.
                let mut foot = self.chart.spot(from, 0.0);
                let mut head = self.chart.spot(to, self.people.in_unit(*count));
                foot.x += 0.3;
                head.x -= 0.3;
                sheet.bar(foot, head, pen, &told);
            }
            from = to;
        }
        if histogram.unreached > 0 {
            let people = grouped(histogram.unreached);
            let told = filled(MinutesWords::here().bar_unreached, &[("people", &people)]);
            let (frame, width) = (self.frame, 0.5 * APART);
            let y = self.chart.upright.spot(self.people.in_unit(histogram.unreached));
            let foot = Spot { x: frame.right - width, y: frame.bottom };
            sheet.bar(foot, Spot { x: frame.right, y }, EMPTY, &told);
        }
    }

    /// The line of the limit, with its name above.
    fn limit(&self, sheet: &mut Sheet) {
        let limit = self.minutes.standard.minutes;
        let x = self.chart.level.spot(f64::from(limit));
        let (top, bottom) = (self.frame.top - 3.0, self.frame.bottom);
        sheet.down(x, top, bottom, DOTTED);
        let told = filled(MinutesWords::here().limit, &[("minutes", &limit.to_string())]);
        // Not over the unit at the left, nor beyond the sheet at the right.
        let x = x.clamp(self.frame.left + 90.0, self.frame.right - 36.0);
        sheet.text(Spot { x, y: top - 4.0 }, LABEL, &told);
    }

    fn legend(&self, sheet: &mut Sheet) {
        let minutes = self.minutes;
        let histogram = &minutes.histogram;
        let everybody = histogram.people();
        let percent = 100.0 * share(minutes.within_limit, everybody).unwrap_or(0.0);
        let limit = minutes.standard.minutes.to_string();
        let within = filled(
            MinutesWords::here().within,
            &[
                ("minutes", &limit),
                ("people", &grouped(minutes.within_limit)),
                ("share", &format!("{} %", number(percent, 1))),
            ],
        );
        sheet.key(DARK, &within);
        let beyond = everybody - minutes.within_limit - histogram.unreached;
        let beyond = filled(MinutesWords::here().beyond, &[("people", &grouped(beyond))]);
        sheet.key(LIGHT, &beyond);
        if histogram.unreached > 0 {
            let people = grouped(histogram.unreached);
            let told = filled(MinutesWords::here().unreached, &[("people", &people)]);
            sheet.key(EMPTY, &told);
        }
    }
}
