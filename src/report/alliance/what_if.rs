//! What rests on a member, and which standards fall where a field is concentrated.

use crate::alliance::{
    AllianceView, CareMoved, Concentrated, Overfull, StageMoved, StandardMoved, WithoutMember,
};
use crate::model::OverBand;
use crate::region::Region;
use crate::report::band;
use crate::report::columns::{
    HOSPITAL, LOST_PEOPLE, MEMBER, OCCUPANCY_OF_OVERFULL_AFTER, OCCUPANCY_OF_OVERFULL_BEFORE,
    OVER_BAND, PATHWAY, PEOPLE, STAGE, STAGE_MEAN_AFTER, STAGE_MEAN_BEFORE, STANDARD,
    STANDARDS_MISSED, STANDARDS_UNDECIDED, WITHIN_LIMIT_AFTER, WITHIN_LIMIT_BEFORE,
    WITHOUT_WAY_AFTER, WITHOUT_WAY_BEFORE, WON_PEOPLE,
};
use crate::report::document::{Cell, Document, Section, Table, alliance_of, standard_of};
use crate::report::open;
use crate::words::fixed;

/// The region without a member: coverage, pathways and capacity.
pub fn alliance_without(region: &Region, view: &AllianceView, without: &WithoutMember) -> Document {
    // Computed, and not only claimed: a test alone would convince nobody who reads the table.
    let left = if without.left.is_nothing() {
        "nothing in care changes"
    } else {
        "care changes, which membership alone should not do"
    };
    let beds = without.beds.map_or_else(String::new, |beds| said!(", with its {beds} beds", beds));
    let document = open(
        said!("{name} without {member}", name = view.alliance.name, member = without.member),
        region,
    )
    .about("alliance", alliance_of(&view.alliance.key))
    .about("if_it_only_left", left)
    .about("if_it_closed", said!("what follows{beds}", beds));
    with_care(region, document, &without.closed)
}

/// A field concentrated at one member or the other.
pub fn alliance_concentrated(
    region: &Region,
    view: &AllianceView,
    specialty: &str,
    options: &[Concentrated],
) -> Document {
    let name = region.network().catalog().name_in_print(specialty);
    let table = Table::of(options)
        .column(MEMBER, |option| Cell::text(&option.at))
        .column(STANDARDS_MISSED, |option| {
            Cell::list(option.moved.fallen().iter().map(|standard| standard.standard.as_str()))
        })
        .detail(STANDARDS_UNDECIDED, |option| Cell::list(&option.moved.undecided))
        .column(LOST_PEOPLE, |option| Cell::count(option.moved.lost()))
        .build();
    let mut verdicts = band::Verdicts::default();
    for option in options {
        add_falls(&mut verdicts, Some(&option.at), &option.moved);
    }
    let section = Section::new("concentrated", said!("{specialty} at one member", specialty = name), table)
        .note("Departments move with all of their beds; facilities, levels and agreements stay. Nobody decided any of it.")
        .note("People who lose care in time are added up over standards: one person may need several.")
        .maybe_note(band::undecided(region, &verdicts));
    let mut document = open(
        said!(
            "{alliance}: {specialty} concentrated",
            alliance = view.alliance.name,
            specialty = name
        ),
        region,
    )
    .about("alliance", alliance_of(&view.alliance.key))
    .section(section);
    // Of the others the first table says enough.
    if let Some(first) = options.first() {
        document = with_care(
            region,
            document.about("below", said!("at {at}", at = first.at)),
            &first.moved,
        );
    }
    document
}

/// Adds whether standards fall over the band: those that are told, and those that fall at an end only.
fn add_falls(verdicts: &mut band::Verdicts, at: Option<&str>, moved: &CareMoved) {
    let name = |key: &str| match at {
        Some(at) => format!("{} ({at})", standard_of(key)),
        None => standard_of(key),
    };
    // Those that are not decided are named below, with those that nobody loses as stated.
    for standard in &moved.standards {
        if standard.over_band == Some(OverBand::Holds) {
            verdicts.add(&name(&standard.standard), standard.over_band);
        }
    }
    for key in &moved.undecided {
        verdicts.add(&name(key), Some(OverBand::NotDecided));
    }
}

fn with_care(region: &Region, document: Document, moved: &CareMoved) -> Document {
    let mut verdicts = band::Verdicts::default();
    add_falls(&mut verdicts, None, moved);
    document
        .section(
            Section::new("standards", "Who is in time", standards(&moved.standards))
                .maybe_note(band::undecided(region, &verdicts)),
        )
        .section(Section::new("stages", "Care pathways", stages(&moved.stages)))
        .section(
            Section::new(
                "overfull",
                "Hospitals with more bed days than beds",
                overfull(&moved.overfull),
            )
            .note(said!(
                "Cases a year that no hospital takes: {before} before, {after} after.",
                before = fixed(moved.leftover_before, 0),
                after = fixed(moved.leftover_after, 0)
            )),
        )
}

fn standards(standards: &[StandardMoved]) -> Table {
    Table::of(standards)
        .column(STANDARD, |row| Cell::text(&row.standard))
        .column(PEOPLE, |row| Cell::count(row.people))
        .column(WITHIN_LIMIT_BEFORE, |row| Cell::count(row.before))
        .column(WITHIN_LIMIT_AFTER, |row| Cell::count(row.after))
        .column(LOST_PEOPLE, |row| Cell::count(row.lost))
        .column(WON_PEOPLE, |row| Cell::count(row.won))
        .column(OVER_BAND, |row| band::word(row.over_band))
        .build()
        .hide_if(standards.iter().all(|row| row.over_band.is_none()), &[OVER_BAND])
}

fn stages(stages: &[StageMoved]) -> Table {
    Table::of(stages)
        .column(PATHWAY, |row| Cell::text(&row.pathway))
        .column(STAGE, |row| Cell::text(&row.stage))
        .column(STAGE_MEAN_BEFORE, |row| Cell::maybe_minutes(row.before_seconds))
        .column(STAGE_MEAN_AFTER, |row| Cell::maybe_minutes(row.after_seconds))
        .column(WITHOUT_WAY_BEFORE, |row| Cell::number(row.without_way_before, 0))
        .column(WITHOUT_WAY_AFTER, |row| Cell::number(row.without_way_after, 0))
        .build()
}

fn overfull(hospitals: &[Overfull]) -> Table {
    Table::of(hospitals)
        .column(HOSPITAL, |row| Cell::text(&row.hospital))
        .column(OCCUPANCY_OF_OVERFULL_BEFORE, |row| Cell::maybe_share(row.before))
        .column(OCCUPANCY_OF_OVERFULL_AFTER, |row| Cell::maybe_share(row.after))
        .build()
}
