//! Closures against service.

use super::axis::{Scale, Ticks};
use super::sheet::{ALARM, Chart, DOTTED, PLAIN, PeopleUnit, SOLID, Sheet, filled, level_marks};
use super::text::{FrontierWords, UnitWords};
use super::{NothingToDraw, Plot, Source};
use crate::model::OverBand;
use crate::planning::closures::Frontier;
use crate::region::Region;
use crate::units::grouped;
use crate::words;

/// Height of the panel.
const HEIGHT: f64 = 190.0;
/// Marks on the line at most: of a country every tenth or hundredth step has one.
const MOST_MARKS: usize = 40;

/// People in time by how many hospitals closed: as many as can stay, and the worst closures of up to three.
///
/// # Errors
///
/// When no hospital may close, or nobody is in time.
pub fn frontier(
    region: &Region,
    frontier: &Frontier,
    source: &Source,
) -> Result<Plot, NothingToDraw> {
    if frontier.steps.is_empty() || frontier.within_limit == 0 {
        return Err(NothingToDraw::NoClosures);
    }
    let standard = &frontier.standard;
    let title = filled(
        FrontierWords::here().title,
        &[("standard", words::name_of(&standard.name, &standard.name_de))],
    );
    let about = filled(
        FrontierWords::here().about,
        &[
            ("group", &standard.population.in_print()),
            ("minutes", &standard.minutes.to_string()),
            ("hours", source.hours()),
        ],
    );
    let mut sheet = Sheet::new(&title, &about);
    draw(&mut sheet, region, frontier);

    let people = grouped(frontier.within_limit);
    let names = [("people", people.as_str()), ("all", &grouped(frontier.people))];
    sheet.key(DOTTED, &filled(FrontierWords::here().now, &names));
    let free = frontier.steps.iter().take_while(|step| step.within_limit == frontier.within_limit);
    let free = free.count().to_string();
    sheet.key(PLAIN, FrontierWords::here().kept);
    if !frontier.worst.is_empty() {
        sheet.key(ALARM, FrontierWords::here().worst);
    }
    let told = match frontier.free_over_band {
        None => FrontierWords::here().free,
        Some(OverBand::Holds) => FrontierWords::here().free_holds,
        Some(OverBand::NotDecided) => FrontierWords::here().free_not_decided,
    };
    sheet.say(&filled(told, &[("count", &free)]));
    Ok(sheet.finish(source))
}

fn draw(sheet: &mut Sheet, region: &Region, frontier: &Frontier) {
    let people = PeopleUnit::of(frontier.within_limit);
    let ticks = Ticks::around(0.0, people.in_unit(frontier.within_limit), 6);
    let frame = sheet.frame(HEIGHT);
    let axis = FrontierWords::here().axis;
    let name = format!("{axis}: {}", people.name);
    let upright = sheet.upright(frame, &ticks, &name);
    let level_ticks = Ticks::whole(0.0, frontier.steps.len() as f64, 7);
    let level = Scale::new(&level_ticks, frame.left, frame.right);
    let chart = Chart { level, upright };
    let spot = |count: usize, within: u64| chart.spot(count as f64, people.in_unit(within));

    // What there is now, as a line to look back to.
    let start = spot(0, frontier.within_limit);
    sheet.across(frame.left, frame.right, start.y, DOTTED);
    let mut spots = vec![start];
    for (position, step) in frontier.steps.iter().enumerate() {
        spots.push(spot(position + 1, step.within_limit));
    }
    sheet.path(&spots, SOLID);

    // A network of hundreds of sites would be a chain of pearls.
    let name_of = |position: usize| {
        let hospital = frontier.steps[position].hospital;
        region.network().hospital(hospital).map_or("", |hospital| hospital.name.as_str())
    };
    let every = frontier.steps.len().div_ceil(MOST_MARKS);
    let marked = frontier.steps.iter().enumerate();
    for (position, step) in marked.skip(every - 1).step_by(every) {
        let told = filled(
            FrontierWords::here().step,
            &[
                ("count", &(position + 1).to_string()),
                ("hospital", name_of(position)),
                ("people", &grouped(step.within_limit)),
            ],
        );
        sheet.dot(PLAIN, spots[position + 1], &told);
    }
    for (position, within) in frontier.worst.iter().enumerate() {
        let count = (position + 1).to_string();
        let told = [("count", count.as_str()), ("people", &grouped(*within))];
        let told = filled(FrontierWords::here().worst_point, &told);
        sheet.dot(ALARM, spot(position + 1, *within), &told);
        sheet.describe(&format!("{told}."));
    }
    sheet.level(frame, &level_marks(&level_ticks, &level), UnitWords::here().closed);
}
