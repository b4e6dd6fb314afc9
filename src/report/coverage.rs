//! Coverage as tables.

use super::document::{
    Cell, Document, Hint, Remark, Section, Table, TableBuilder, hospital_of, standard_of,
};
use super::namesakes::Namesakes;
use super::{band, caveats, hours, open};
use crate::coverage::{Coverage, DistrictReach, PlaceCoverage, Reach, share};
use crate::model::{BandEnd, Ends, HospitalId, PopulationGroup};
use crate::region::Region;
use crate::report::columns::{
    BACKUP_MINUTES, CATCHMENT_PEOPLE, Column, DISTRICT, HOSPITAL, HOSPITAL_NAME, HOSPITALS,
    LIMIT_MINUTES, LONGEST_MINUTES, MEAN_MINUTES, MEDIAN_MINUTES, NEAREST_HOSPITAL,
    NEWLY_BEYOND_IF_QUICK_PEOPLE, NEWLY_BEYOND_IF_SLOW_PEOPLE, NEWLY_BEYOND_PEOPLE, OVER_BAND,
    P90_MINUTES, P95_MINUTES, PART_TIME_HOSPITALS, PEOPLE, PEOPLE_BEYOND, PEOPLE_BEYOND_IF_QUICK,
    PEOPLE_BEYOND_IF_SLOW, PEOPLE_WITHIN_15, PEOPLE_WITHIN_30, PEOPLE_WITHIN_45, PEOPLE_WITHIN_60,
    PEOPLE_WITHIN_LIMIT, PLACE, PLACE_NAME, PLACES, POPULATION, RESTS_ON, SECOND_HOSPITAL,
    SHARE_AT_BEST, SHARE_AT_BEST_IF_QUICK, SHARE_AT_BEST_IF_SLOW, SHARE_IF_QUICK, SHARE_IF_SLOW,
    SHARE_IN_WORST_HOURS, SHARE_IN_WORST_HOURS_IF_QUICK, SHARE_IN_WORST_HOURS_IF_SLOW,
    SHARE_OVER_WEEK, SHARE_OVER_WEEK_IF_QUICK, SHARE_OVER_WEEK_IF_SLOW, SHARE_WITHIN_15,
    SHARE_WITHIN_15_IF_QUICK, SHARE_WITHIN_15_IF_SLOW, SHARE_WITHIN_30, SHARE_WITHIN_30_IF_QUICK,
    SHARE_WITHIN_30_IF_SLOW, SHARE_WITHIN_45, SHARE_WITHIN_45_IF_QUICK, SHARE_WITHIN_45_IF_SLOW,
    SHARE_WITHIN_60, SHARE_WITHIN_60_IF_QUICK, SHARE_WITHIN_60_IF_SLOW, SHARE_WITHIN_LIMIT,
    STANDARD, UNKNOWN_HOSPITALS, UNREACHED_PEOPLE, VERDICT, WORST_HOURS,
};
use crate::units::grouped;
use crate::words;

/// What the rows of a coverage table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum CoverageBy {
    /// One row a standard.
    Region,
    /// One row a standard and district.
    District,
    /// One row a standard and place.
    Place,
    /// One row a standard and hospital: its catchment, and what its closure would do.
    Hospital,
    /// Only places with people beyond the limit.
    Gap,
}

/// The coverage of standards.
pub fn coverage(region: &Region, results: &[Coverage], by: CoverageBy) -> Document {
    let mut document = open("Coverage", region);
    // A region of one hour names it in the head; all hours need a word on what is closed in some.
    if region.hour().is_none() {
        let has_part_time = results.iter().any(|coverage| coverage.week.has_part_time());
        document = document.about("hours", hours::of_all(has_part_time));
    }

    let mut section = match by {
        CoverageBy::Region => {
            Section::new("coverage", "Who reaches care in time", by_region(region, results))
                .note(Remark::from("Limits are inclusive.").hint(Hint::MoreReach))
                .maybe_note(at_best(results))
                .maybe_note(band::columns(region))
                .maybe_note(band::undecided(region, &band::Verdicts::of(results)))
        }
        CoverageBy::District => {
            Section::new("coverage", "Who reaches care in time, by district", by_district(results))
                .maybe_note(band::columns(region))
        }
        CoverageBy::Place => {
            let table = by_place(region, results, false);
            let verdicts = of_places(region, results, |_| true);
            Section::new("places", "How each place reaches care", table)
                .maybe_note(band::undecided(region, &verdicts))
        }
        CoverageBy::Gap => {
            let table = by_place(region, results, true);
            let verdicts = of_places(region, results, |place| place.beyond_limit() > 0);
            Section::new("gaps", "Places with people beyond the limit", table)
                .maybe_note(band::undecided(region, &verdicts))
                .maybe_note(further_gaps(results))
        }
        CoverageBy::Hospital => {
            let table = by_hospital(region, results);
            Section::new("catchments", "Whom each hospital is nearest to", table)
                .maybe_note(band::undecided(region, &closures(region, results)))
        }
    };

    // These tables hide the column of the standard where there is only one: the note names it.
    if let ([only], CoverageBy::Place | CoverageBy::Gap | CoverageBy::Hospital) = (results, by) {
        let standard = &only.standard;
        section = section.note(said!(
            "Standard: {standard}, {minutes} minutes, for {group}.",
            standard = words::name_of(&standard.name, &standard.name_de),
            minutes = standard.minutes,
            group = standard.population.in_print()
        ));
    }

    for coverage in results {
        section = section.maybe_note(hours::of_coverage(region, coverage));
    }
    for coverage in results {
        if let Some(note) = caveats::on_unknown(region.network(), &coverage.unknown) {
            section = section.note(format!("{}: {note}", standard_of(&coverage.standard.key)));
        }
    }
    document
        .section(section.maybe_note(not_offered(region, results)).maybe_note(of_nobody(results)))
}

/// Which standards no site of the data offers: nobody knows who is in time.
pub(super) fn not_offered(region: &Region, results: &[Coverage]) -> Option<String> {
    let catalog = region.network().catalog();
    let (mut by_nobody, mut perhaps) = (Vec::new(), Vec::new());
    for coverage in results {
        if coverage.is_offered() {
            continue;
        }
        let standard = &coverage.standard;
        let named =
            format!("{} ({})", standard_of(&standard.key), standard.requirement.describe(catalog));
        // What may be there is another finding than what is not: a look at these sites can settle it.
        match coverage.unknown.len() {
            0 => by_nobody.push(named),
            1 => perhaps.push(said!("{named}, which 1 site may offer", named)),
            count => {
                perhaps.push(said!(
                    "{named}, which {count} sites may offer",
                    named,
                    count = grouped(count as u64)
                ));
            }
        }
    }

    let mut told = Vec::new();
    if !by_nobody.is_empty() {
        told.push(said!(
            "No site in the data offers {by_nobody}: no share.",
            by_nobody = by_nobody.join(", ")
        ));
    }
    if !perhaps.is_empty() {
        told.push(said!(
            "No site in the data is known to offer {perhaps}: no share.",
            perhaps = perhaps.join("; ")
        ));
    }
    if told.is_empty() { None } else { Some(told.join(" ")) }
}

/// Whom a standard is for: programs read the English.
pub(super) fn group(group: &PopulationGroup) -> Cell {
    Cell::Name { name: group.label(), label: group.in_print() }
}

/// What the column of the best case is, where it is there.
pub(super) fn at_best(results: &[Coverage]) -> Option<String> {
    let told = "At best: if all hospitals qualified of which the data do not say whether they do.";
    if results.iter().any(Coverage::has_doubts) { Some(words::of(told).into_owned()) } else { None }
}

/// Which standards are for nobody here.
pub(super) fn of_nobody(results: &[Coverage]) -> Option<String> {
    let mut told = Vec::new();
    for coverage in results {
        if coverage.total.people == 0 {
            let standard = &coverage.standard;
            told.push(format!(
                "{} ({})",
                standard_of(&standard.key),
                standard.population.in_print()
            ));
        }
    }
    if told.is_empty() {
        return None;
    }
    let standards = told.join(", ");
    Some(said!(
        "Nobody lives there for whom {standards} would be: no share, no verdict.",
        standards
    ))
}

/// How some people reach the care of a standard.
#[derive(Clone, Copy)]
struct ReachOf<'a> {
    reach: &'a Reach,
    /// Whether any site of the data offers the care.
    is_offered: bool,
}

impl ReachOf<'_> {
    /// Some of these people as a share of all of them.
    fn share(self, people: u64) -> Cell {
        // Where no site of the data offers the care nobody knows a share, and of nobody there is none.
        if self.is_offered {
            Cell::maybe_share(share(people, self.reach.people))
        } else {
            Cell::Missing
        }
    }
}

/// The shares within 15, 30, 45 and 60 minutes at the slow and the quick end of the band.
const WITHIN_BAND: [[Column; 2]; 4] = [
    [SHARE_WITHIN_15_IF_SLOW, SHARE_WITHIN_15_IF_QUICK],
    [SHARE_WITHIN_30_IF_SLOW, SHARE_WITHIN_30_IF_QUICK],
    [SHARE_WITHIN_45_IF_SLOW, SHARE_WITHIN_45_IF_QUICK],
    [SHARE_WITHIN_60_IF_SLOW, SHARE_WITHIN_60_IF_QUICK],
];

/// The columns that every table of [`Reach`] shares, from `people` on.
fn reach_columns<R>(
    table: TableBuilder<R>,
    reach_of: impl Fn(&R) -> ReachOf<'_>,
) -> TableBuilder<R> {
    let share_of = |row: &R, people: fn(&Reach) -> u64| {
        let row = reach_of(row);
        row.share(people(row.reach))
    };
    let if_all_are = |row: &R, end: BandEnd| {
        let row = reach_of(row);
        if row.is_offered { band::share_at(row.reach, end) } else { Cell::Missing }
    };
    // A screen has room for two of the four times; programs get all.
    let table = table
        .column(PEOPLE, |row| Cell::count(reach_of(row).reach.people))
        .column(SHARE_WITHIN_LIMIT, |row| share_of(row, |reach| reach.within_limit))
        .column(SHARE_IF_SLOW, |row| if_all_are(row, BandEnd::Slow))
        .column(SHARE_IF_QUICK, |row| if_all_are(row, BandEnd::Quick))
        .column(SHARE_WITHIN_15, |row| share_of(row, |reach| reach.within[0]))
        .column(SHARE_WITHIN_30, |row| share_of(row, |reach| reach.within[1]))
        .detail(SHARE_WITHIN_45, |row| share_of(row, |reach| reach.within[2]))
        .detail(SHARE_WITHIN_60, |row| share_of(row, |reach| reach.within[3]));
    let within_if_all_are = |row: &R, minutes: usize, end: BandEnd| {
        let row = reach_of(row);
        let band = row.reach.within_band.filter(|_| row.is_offered);
        band::people_share(band.map(|band| band[minutes]), row.reach.people, end)
    };
    let mut table = table;
    for (minutes, [if_slow, if_quick]) in WITHIN_BAND.into_iter().enumerate() {
        table = table
            .detail(if_slow, |row| within_if_all_are(row, minutes, BandEnd::Slow))
            .detail(if_quick, |row| within_if_all_are(row, minutes, BandEnd::Quick));
    }
    table
        .detail(PEOPLE_WITHIN_15, |row| Cell::count(reach_of(row).reach.within[0]))
        .detail(PEOPLE_WITHIN_30, |row| Cell::count(reach_of(row).reach.within[1]))
        .detail(PEOPLE_WITHIN_45, |row| Cell::count(reach_of(row).reach.within[2]))
        .detail(PEOPLE_WITHIN_60, |row| Cell::count(reach_of(row).reach.within[3]))
        .detail(PEOPLE_WITHIN_LIMIT, |row| Cell::count(reach_of(row).reach.within_limit))
        .column(MEAN_MINUTES, |row| Cell::maybe_minutes(reach_of(row).reach.mean_seconds))
        .detail(MEDIAN_MINUTES, |row| Cell::maybe_time(reach_of(row).reach.median))
        .detail(P90_MINUTES, |row| Cell::maybe_time(reach_of(row).reach.p90))
        .column(P95_MINUTES, |row| Cell::maybe_time(reach_of(row).reach.p95))
        .detail(LONGEST_MINUTES, |row| Cell::maybe_time(reach_of(row).reach.longest))
}

fn by_region(region: &Region, results: &[Coverage]) -> Table {
    let table = Table::of(results)
        .column(STANDARD, |row| Cell::text(&row.standard.key))
        .column(POPULATION, |row| group(&row.standard.population))
        .column(LIMIT_MINUTES, |row| Cell::count(row.standard.minutes))
        .detail(HOSPITALS, |row| Cell::count(row.hospitals.len()));
    let table =
        reach_columns(table, |row| ReachOf { reach: &row.total, is_offered: row.is_offered() });

    let over_week = |row: &Coverage, share: Option<f64>| {
        if row.is_offered() { Cell::maybe_share(share) } else { Cell::Missing }
    };
    let at_best_if_all_are = |row: &Coverage, end: BandEnd| {
        // Where the best case has no share, its band has none.
        let band = row.within_limit_at_best_band.filter(|_| row.share_at_best().is_some());
        band::people_share(band, row.total.people, end)
    };
    let at_end = |row: &Coverage, band: Option<Ends<f64>>, end: BandEnd| {
        if row.is_offered() { band::share_cell(band, end) } else { Cell::Missing }
    };
    let table = table
        .detail(VERDICT, |row| Cell::word(row.answer().word()))
        .detail(OVER_BAND, |row| band::word(row.over_band()))
        .column(SHARE_AT_BEST, |row| Cell::maybe_share(row.share_at_best()))
        .detail(SHARE_AT_BEST_IF_SLOW, |row| at_best_if_all_are(row, BandEnd::Slow))
        .detail(SHARE_AT_BEST_IF_QUICK, |row| at_best_if_all_are(row, BandEnd::Quick))
        .detail(UNREACHED_PEOPLE, |row| Cell::count(row.total.unreached))
        .detail(PART_TIME_HOSPITALS, |row| Cell::count(row.week.part_time.len()))
        .detail(UNKNOWN_HOSPITALS, |row| {
            Cell::list(row.unknown.iter().map(|site| &region.network()[site.hospital].key))
        })
        .column(SHARE_OVER_WEEK, |row| over_week(row, row.week.mean_share()))
        .detail(SHARE_OVER_WEEK_IF_SLOW, |row| {
            at_end(row, row.week.mean_share_band(), BandEnd::Slow)
        })
        .detail(SHARE_OVER_WEEK_IF_QUICK, |row| {
            at_end(row, row.week.mean_share_band(), BandEnd::Quick)
        })
        .column(SHARE_IN_WORST_HOURS, |row| over_week(row, row.week.worst_share()))
        .detail(SHARE_IN_WORST_HOURS_IF_SLOW, |row| {
            at_end(row, row.week.worst_share_band(), BandEnd::Slow)
        })
        .detail(SHARE_IN_WORST_HOURS_IF_QUICK, |row| {
            at_end(row, row.week.worst_share_band(), BandEnd::Quick)
        })
        .detail(WORST_HOURS, |row| Cell::text(row.week.worst().hours.to_string()))
        .build();

    // Where nobody doubts any hospital, the best case is the case; where all is always open, the week says nothing
    // that the other columns do not.
    let has_doubts = results.iter().any(Coverage::has_doubts);
    let has_part_time = results.iter().any(|coverage| coverage.week.has_part_time());
    let has_band = results.iter().any(|coverage| coverage.total.within_limit_band.is_some());
    table
        .hide_if(!has_band, &[SHARE_IF_SLOW, SHARE_IF_QUICK])
        .hide_if(!has_doubts, &[SHARE_AT_BEST])
        .hide_if(!has_part_time, &[SHARE_OVER_WEEK, SHARE_IN_WORST_HOURS])
}

fn by_district(results: &[Coverage]) -> Table {
    let mut rows = Vec::new();
    for coverage in results {
        for DistrictReach { district, reach, .. } in &coverage.districts {
            rows.push((coverage, district, reach));
        }
    }
    let table = Table::of(rows)
        .column(STANDARD, |(coverage, ..)| Cell::text(&coverage.standard.key))
        .column(DISTRICT, |(_, district, _)| Cell::text(*district))
        // Left of the shares: a narrow screen drops columns from the right, and this one is the answer.
        .column(PEOPLE_BEYOND, |(coverage, _, reach)| {
            // Where no site of the data offers the care, everybody would be beyond: a verdict nobody can give.
            if coverage.is_offered() {
                Cell::count(reach.people - reach.within_limit)
            } else {
                Cell::Missing
            }
        });
    reach_columns(table, |(coverage, _, reach)| ReachOf {
        reach,
        is_offered: coverage.is_offered(),
    })
    .build()
}

fn by_place(region: &Region, results: &[Coverage], only_gaps: bool) -> Table {
    let mut rows: Vec<(&Coverage, &PlaceCoverage)> = Vec::new();
    for coverage in results {
        // Gaps come with the most people first, all places in the order of their file.
        let places = if only_gaps { coverage.gaps() } else { coverage.places.iter().collect() };
        for place in places {
            rows.push((coverage, place));
        }
    }

    let namesakes = Namesakes::new(region);
    let has_band = region.margin().is_some();
    let key = |id: Option<HospitalId>| Cell::maybe_text(id.map(|id| &region.network()[id].key));
    Table::of(rows)
        .column(STANDARD, |(coverage, _)| Cell::text(&coverage.standard.key))
        .detail(PLACE, |(_, place)| Cell::text(&region.place(place.place).key))
        .column(PLACE_NAME, |(_, place)| namesakes.place(place.place))
        .detail(DISTRICT, |(_, place)| Cell::text(&region.place(place.place).district))
        .column(PEOPLE, |(_, place)| Cell::count(place.people))
        .column(PEOPLE_BEYOND, |(_, place)| Cell::count(place.beyond_limit()))
        .detail(PEOPLE_BEYOND_IF_SLOW, |(_, place)| {
            band::people(place.beyond_limit_band(), BandEnd::Slow)
        })
        .detail(PEOPLE_BEYOND_IF_QUICK, |(_, place)| {
            band::people(place.beyond_limit_band(), BandEnd::Quick)
        })
        .column(OVER_BAND, |(coverage, place)| {
            // Where no site offers the care, nobody knows who is beyond.
            band::word(if coverage.is_offered() { place.over_band() } else { None })
        })
        .column(MEAN_MINUTES, |(_, place)| Cell::maybe_minutes(place.mean_seconds))
        .detail(LONGEST_MINUTES, |(_, place)| Cell::maybe_time(place.longest))
        .column(NEAREST_HOSPITAL, |(_, place)| key(place.nearest))
        .column(SECOND_HOSPITAL, |(_, place)| key(place.second))
        .column(BACKUP_MINUTES, |(_, place)| Cell::maybe_minutes(place.backup_seconds))
        .build()
        .hide_if(!has_band, &[OVER_BAND])
        .hide_if(results.len() == 1, &[STANDARD])
}

/// A name behind the standard that it is about, where there are several.
fn under(results: &[Coverage], coverage: &Coverage, name: &str) -> String {
    if results.len() == 1 {
        name.to_owned()
    } else {
        format!("{} ({name})", standard_of(&coverage.standard.key))
    }
}

/// Whether places have people beyond a limit, or nobody, over the band; of those that are shown.
fn of_places(
    region: &Region,
    results: &[Coverage],
    is_shown: impl Fn(&PlaceCoverage) -> bool,
) -> band::Verdicts {
    let mut verdicts = band::Verdicts::default();
    for coverage in results.iter().filter(|coverage| coverage.is_offered()) {
        for place in coverage.places.iter().filter(|place| is_shown(place)) {
            let name = under(results, coverage, &region.place(place.place).name);
            verdicts.add(&name, place.over_band());
        }
    }
    verdicts
}

/// That further places would have people beyond a limit at the slow end of the band; `None` where none would.
fn further_gaps(results: &[Coverage]) -> Option<String> {
    let (mut places, mut people) = (0, 0);
    for coverage in results.iter().filter(|coverage| coverage.is_offered()) {
        for place in &coverage.places {
            let beyond = place.beyond_limit_band().map_or(0, |band| band.slow);
            // Those with somebody beyond as stated have a row of their own.
            if place.beyond_limit() == 0 && beyond > 0 {
                places += 1;
                people += beyond;
            }
        }
    }
    if places == 0 {
        return None;
    }
    let (places, people) = (grouped(places), grouped(people));
    Some(said!(
        "Not listed: {places} places with nobody beyond a limit as stated, and {people} people beyond it if all journeys were slow; by standard and place.",
        places,
        people
    ))
}

/// Whether the closure of each hospital puts somebody beyond a limit, over the band.
fn closures(region: &Region, results: &[Coverage]) -> band::Verdicts {
    let mut verdicts = band::Verdicts::default();
    for coverage in results {
        for catchment in &coverage.catchments {
            let name =
                under(results, coverage, &hospital_of(&region.network()[catchment.hospital].key));
            verdicts.add(&name, catchment.over_band());
        }
    }
    verdicts
}

fn by_hospital(region: &Region, results: &[Coverage]) -> Table {
    let mut rows = Vec::new();
    for coverage in results {
        for catchment in &coverage.catchments {
            rows.push((&coverage.standard, catchment));
        }
    }

    let network = region.network();
    Table::of(rows)
        .column(STANDARD, |(standard, _)| Cell::text(&standard.key))
        .column(HOSPITAL, |(_, row)| Cell::text(&network[row.hospital].key))
        .detail(HOSPITAL_NAME, |(_, row)| Cell::text(&network[row.hospital].name))
        .column(CATCHMENT_PEOPLE, |(_, row)| Cell::count(row.people))
        .column(PLACES, |(_, row)| Cell::count(row.places))
        .column(MEAN_MINUTES, |(_, row)| Cell::maybe_minutes(row.mean_seconds))
        .column(NEWLY_BEYOND_PEOPLE, |(_, row)| Cell::count(row.newly_beyond_if_closed))
        .detail(NEWLY_BEYOND_IF_SLOW_PEOPLE, |(_, row)| {
            band::people(row.newly_beyond_band, BandEnd::Slow)
        })
        .detail(NEWLY_BEYOND_IF_QUICK_PEOPLE, |(_, row)| {
            band::people(row.newly_beyond_band, BandEnd::Quick)
        })
        .column(OVER_BAND, |(_, row)| band::word(row.over_band()))
        .column(BACKUP_MINUTES, |(_, row)| Cell::maybe_minutes(row.backup_seconds))
        .column(RESTS_ON, |(standard, row)| {
            let hospital = &network[row.hospital];
            Cell::list(standard.requirement.assumed_of(hospital, network.catalog()))
        })
        .build()
        .hide_if(results.len() == 1, &[STANDARD])
}
