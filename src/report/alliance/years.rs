//! A member over the years.

use super::comparison::value;
use crate::alliance::{AllianceView, Indicator, SpecialCause, Variation, Xmr, XmrPoint};
use crate::region::Region;
use crate::report::columns::{
    FIGURE_VALUE, LOWER_LIMIT, MOVING_RANGE, SPECIAL_CAUSES, UPPER_LIMIT, VARIATION, YEAR,
};
use crate::report::document::{Cell, Document, Section, Table, alliance_of};
use crate::report::open;
use crate::words;

/// A chart over years that is to be shown.
#[derive(Debug, Clone, Copy)]
pub struct AllianceYears<'y> {
    /// The alliance.
    pub view: &'y AllianceView,
    /// The indicator.
    pub indicator: &'y Indicator,
    /// Name of the member.
    pub member: &'y str,
    /// The years of the points.
    pub years: &'y [i16],
    /// The chart.
    pub chart: &'y Xmr,
}

/// A member's indicator over the years, with limits and what each year says.
pub fn alliance_years(region: &Region, shown: &AllianceYears<'_>) -> Document {
    let AllianceYears { view, indicator, member, years, chart } = *shown;
    let rows: Vec<(&i16, &XmrPoint)> = years.iter().zip(&chart.points).collect();
    let range = |point: &XmrPoint| {
        point.moving_range.map_or(Cell::Missing, |range| value(indicator, range))
    };
    let table = Table::of(rows)
        .column(YEAR, |(year, _)| Cell::text(year.to_string()))
        .column(FIGURE_VALUE, |(_, point)| value(indicator, point.value))
        .column(MOVING_RANGE, |(_, point)| range(point))
        .column(LOWER_LIMIT, |_| value(indicator, chart.lower))
        .column(UPPER_LIMIT, |_| value(indicator, chart.upper))
        .column(VARIATION, |(_, point)| Cell::word(variation(point.variation)))
        .column(SPECIAL_CAUSES, |(_, point)| Cell::told(|| causes(point.special)))
        .build();
    let mean = value(indicator, chart.mean).display();
    let mut section =
        Section::new("years", format!("{} ({})", indicator.name, indicator.unit), table).note(
            said!("Mean {mean}; limits are the mean less and plus 2.66 mean moving ranges.", mean),
        );
    // Annual figures hardly ever reach thirteen points: said each time, not only in the guide.
    if chart.is_short {
        section = section.note("Fewer than 13 years: the next one may move the limits a lot.");
    }
    // The chart knows no calendar: a gap looks like one step.
    if years.windows(2).any(|pair| pair[1] != pair[0] + 1) {
        section = section.note(
            "Years are missing in between: their neighbours count as if they followed each other.",
        );
    }
    open(said!("{member}: {name} over the years", member, name = indicator.name), region)
        .about("alliance", alliance_of(&view.alliance.key))
        .section(section)
}

fn variation(variation: Variation) -> &'static str {
    match variation {
        Variation::Common => "common",
        Variation::Improvement => "improvement",
        Variation::Concern => "concern",
        Variation::High => "high",
        Variation::Low => "low",
    }
}

fn causes(special: SpecialCause) -> Vec<String> {
    let rules = [
        (special.outside, "outside"),
        (special.shift, "shift"),
        (special.trend, "trend"),
        (special.near_limit, "near limit"),
    ];
    let mut causes = Vec::new();
    for (holds, name) in rules {
        if holds {
            causes.push(words::of(name).into_owned());
        }
    }
    causes
}
