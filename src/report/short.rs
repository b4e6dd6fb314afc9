//! The report on one screen: findings, the three worst of each, where to look further.

use super::cooperation::lead_hours;
use super::document::{Cell, Document, Hint, Remark, Section, Table};
use super::findings::{beyond, pathway_name, short_name, standard_name, with_marks};
use super::hours::{self, Cases};
use super::info::one_line;
use super::namesakes::Namesakes;
use super::open;
use super::overview::WHOLE_WEEK;
use super::pathway::summary;
use crate::coverage::Coverage;
use crate::model::{Hospital, Network};
use crate::overview::{CooperationChange, Overview};
use crate::report::columns::{
    BACKUP_MINUTES, BEDS, CASES, COOPERATION, FIRST_STANDARD_MINUTES, HOSPITAL, HOURS_SAVED_UNDER,
    INSIDE_PEOPLE, KIND, LIMIT_MINUTES, MEAN_MINUTES, NEWLY_BEYOND_PEOPLE, OCCUPANCY_SHARE,
    PATHWAY, PEOPLE_BEYOND, PLACE_NAME, SHARE_WITHIN_LIMIT, STANDARD, STANDARDS_MISSED,
    TREATMENT_LIMIT, TREATMENT_SHARE_WITHIN_LIMIT,
};
use crate::words;

/// Rows of each table.
const WORST: usize = 3;
/// Names of a list in a cell.
const MOST_NAMES: usize = 4;

/// The [report](super::overview()) on [one screen](super::ONE_SCREEN): a finding a question, the three worst of each as
/// far as lines allow, and where to look further.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::overview::Overview;
/// use verbund::report::{self, Look};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let document = report::overview_in_short(&Overview::of(&model, &region)?);
/// assert_eq!((document.sections[0].key, document.sections[0].look), ("findings", Look::List));
/// let worst = document.sections.iter().find(|section| section.key == "worst_places").unwrap();
/// assert_eq!(worst.table.rows()[0][0].display(), "Edorf");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn overview_in_short(overview: &Overview) -> Document {
    let mut sentences = Vec::new();
    for finding in with_marks(overview) {
        sentences.push(finding.sentence);
    }
    let mut document =
        head(overview).section(Section::list("findings", "Findings", sentences)).on_one_screen();

    // What a planner needs first stands first: a full screen leaves out the last ones.
    let tables = [
        standards(overview),
        failures(overview),
        worst_places(overview),
        pathways(overview),
        occupancy(overview),
        cooperations(overview),
    ];
    for section in tables {
        if !section.table.is_empty() {
            document = document.section(section.small());
        }
    }
    let further = [Remark::from(Hint::FurtherInReport), Remark::from(Hint::FurtherLooks)];
    document.section(Section::list("further", "Where to look further", further))
}

/// What the report is about, in as few lines as say it.
fn head(overview: &Overview) -> Document {
    let (region, week) = (&overview.region, &overview.week);
    let network = week.network();
    let mut document = open(said!("Report on {name}", name = network.name()), region);
    if region.hour().is_some() {
        document = document.about("whole_week", WHOLE_WEEK);
    }
    // The title has the name of the network.
    document.about.retain(|(key, _)| !["network", "version"].contains(key));
    let sites = said!(
        "{sites}; {people} residents",
        sites = one_line(network),
        people = Cell::count(week.people_inside()).display()
    );
    let version = said!(
        "{version}, seed {seed}",
        version = concat!("verbund ", env!("CARGO_PKG_VERSION")),
        seed = overview.simulation.seed.0
    );
    hours::on_cases(document, week, Cases::Split)
        .about("hospitals", sites)
        .about("version", version)
}

fn standards(overview: &Overview) -> Section {
    let mut worst: Vec<&Coverage> = Vec::new();
    for result in &overview.coverage {
        if beyond(result).is_some_and(|people| people > 0) {
            worst.push(result);
        }
    }
    // Stable: equal ones stay in the order of the catalog.
    worst.sort_by_key(|result| std::cmp::Reverse(beyond(result)));
    worst.truncate(WORST);

    let table = Table::of(worst)
        .column(STANDARD, |row| {
            let standard = &row.standard;
            let name = words::name_of(&standard.name, &standard.name_de);
            Cell::named(&standard.key, short_name(name))
        })
        .column(PEOPLE_BEYOND, |row| Cell::maybe_count(beyond(row)))
        .column(LIMIT_MINUTES, |row| Cell::count(row.standard.minutes))
        .column(SHARE_WITHIN_LIMIT, |row| Cell::maybe_share(row.share_within_limit()))
        .column(MEAN_MINUTES, |row| Cell::maybe_minutes(row.total.mean_seconds))
        .build()
        .head(LIMIT_MINUTES, "Limit, min")
        .head(MEAN_MINUTES, "Mean, min");
    Section::new("coverage", "Standard that most people are beyond", table)
}

fn worst_places(overview: &Overview) -> Section {
    let region = &overview.region;
    let network = region.network();
    let namesakes = Namesakes::new(region);
    let mut worst = Vec::new();
    for place in overview.worst_places.iter().take(WORST) {
        if !place.missed.is_empty() {
            worst.push(place);
        }
    }
    let mut table = Table::of(worst)
        .column(PLACE_NAME, |row| {
            let place = namesakes.place(row.place);
            Cell::named(place.plain(), short_name(&place.display()))
        })
        .column(INSIDE_PEOPLE, |row| Cell::count(region.place(row.place).population.people()))
        .column(FIRST_STANDARD_MINUTES, |row| Cell::maybe_minutes(row.mean_seconds))
        .column(STANDARDS_MISSED, |row| missed(network, &row.missed))
        .build();
    if let Some(first) = overview.coverage.first() {
        let standard = standard_name(network, &first.standard.key);
        table = table.head(FIRST_STANDARD_MINUTES, said!("Min to {standard}", standard));
    }
    Section::new("worst_places", "Place that misses most standards", table)
}

/// Names of standards, the first few of many.
fn missed(network: &Network, keys: &[String]) -> Cell {
    let mut names = Vec::new();
    for key in keys.iter().take(MOST_NAMES) {
        names.push(standard_name(network, key));
    }
    let more = keys.len().saturating_sub(MOST_NAMES);
    if more > 0 {
        names.push(said!("{more} more", more));
    }
    Cell::list(names)
}

fn failures(overview: &Overview) -> Section {
    let network = overview.region.network();
    let table = Table::of(overview.single_points.iter().take(WORST))
        .column(HOSPITAL, |point| hospital(&network[point.hospital]))
        .column(STANDARD, |point| {
            Cell::named(&point.standard, standard_name(network, &point.standard))
        })
        .column(NEWLY_BEYOND_PEOPLE, |point| Cell::count(point.newly_beyond))
        .column(BACKUP_MINUTES, |point| Cell::maybe_minutes(point.backup_seconds))
        .build()
        .head(NEWLY_BEYOND_PEOPLE, "Newly beyond")
        .head(BACKUP_MINUTES, "Longer by, min");
    Section::new("single_points_of_failure", "If this hospital closed", table)
}

fn hospital(hospital: &Hospital) -> Cell {
    Cell::named(&hospital.key, short_name(&hospital.name))
}

/// The pathways of which the fewest are in time.
fn pathways(overview: &Overview) -> Section {
    let network = overview.week.network();
    let whole = summary(&overview.pathways).table;
    let position = |column| whole.columns().iter().position(|present| *present == column);
    let columns = [PATHWAY, TREATMENT_SHARE_WITHIN_LIMIT, TREATMENT_LIMIT].map(position);
    let [Some(pathway), Some(share), Some(limit)] = columns else {
        return Section::new("pathways", "", Table::empty(&[]));
    };

    let mut worst: Vec<(f64, &Vec<Cell>)> = Vec::new();
    for row in whole.rows() {
        if let Cell::Share(reached) = row[share]
            && reached < 1.0
        {
            worst.push((reached, row));
        }
    }
    worst.sort_by(|a, b| a.0.total_cmp(&b.0));
    worst.truncate(WORST);

    let table = Table::of(worst)
        .column(PATHWAY, |(_, row)| {
            let key = row[pathway].plain();
            let name = pathway_name(network, &key);
            Cell::named(key, name)
        })
        .column(TREATMENT_SHARE_WITHIN_LIMIT, |(reached, _)| Cell::share(*reached))
        .column(TREATMENT_LIMIT, |(_, row)| row[limit].clone())
        .build()
        .head(TREATMENT_SHARE_WITHIN_LIMIT, "In time");
    Section::new("pathways", "Care pathway with the fewest in time", table)
}

fn occupancy(overview: &Overview) -> Section {
    let mut fullest = Vec::new();
    for (id, hospital) in overview.week.network().iter() {
        let load = overview.huff.hospitals[id.index()].load;
        if let Some(occupancy) = load.occupancy().filter(|_| !hospital.outside) {
            fullest.push((occupancy, hospital, load));
        }
    }
    fullest.sort_by(|a, b| b.0.total_cmp(&a.0));
    fullest.truncate(WORST);

    let table = Table::of(fullest)
        .column(HOSPITAL, |(_, site, _)| hospital(site))
        .column(OCCUPANCY_SHARE, |(occupancy, ..)| Cell::share(*occupancy))
        .column(BEDS, |(.., load)| Cell::count(load.beds))
        .column(CASES, |(.., load)| Cell::number(load.cases, 0))
        .build();
    Section::new("occupancy", "Fullest hospital over the year", table)
}

fn cooperations(overview: &Overview) -> Section {
    let Some(&lead) = overview.cooperations.protocols.first() else {
        return Section::new("cooperations", "", Table::empty(&[]));
    };
    let saved = HOURS_SAVED_UNDER.under(lead);
    let first: Vec<&CooperationChange> = overview.cooperations.changes.iter().take(WORST).collect();
    let table = Table::of(first)
        .column(COOPERATION, |row| Cell::text(&row.cooperation))
        .column(KIND, |row| Cell::word(row.kind))
        .column(saved, |row: &&CooperationChange| lead_hours(row))
        .build()
        .head(saved, "Hours saved a year");
    Section::new("cooperations", "Cooperation that saves most", table)
}
