//! The columns of all tables: keys, headings, meanings.

/// A column of a table: its key in JSON and CSV, its heading in text, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDoc {
    /// Stable key, in snake case, with the unit in it.
    pub key: &'static str,
    /// Heading in text.
    pub heading: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

const fn column(key: &'static str, heading: &'static str, meaning: &'static str) -> ColumnDoc {
    ColumnDoc { key, heading, meaning }
}

/// Every column of every table.
///
/// Shares run from 0 to 1, minutes have a fraction, people and beds are whole; a value that does
/// not exist is `null` in JSON and empty in CSV.
pub const COLUMNS: &[ColumnDoc] = &[
    column(
        "approximate_wait_hours",
        "Wait h,\nby variation",
        "mean wait in hours for the variation of the stays (Allen and Cunneen)",
    ),
    column("area", "Area", "area that a published figure is about"),
    column("arrival_minutes", "Arrival\nmin", "minutes from the call to arrival for a stage"),
    column("arrivals_per_day", "Patients\na day", "patients a day"),
    column("assumed", "Assumed", "values that nobody published"),
    column("backup_minutes", "Backup\nmin", "mean extra minutes when the nearest hospital fails"),
    column("bed_days", "Bed days", "bed days a year"),
    column("beds", "Beds", "inpatient beds"),
    column(
        "betweenness",
        "Between",
        "share-weighted pairs of hospitals that are connected through it",
    ),
    column("capacity_cases", "Cases,\nlimited", "cases a year when full departments overflow"),
    column(
        "capacity_occupancy_share",
        "Occupancy,\nlimited",
        "occupancy when full departments overflow",
    ),
    column("cases", "Cases", "cases a year"),
    column("cases_inside", "From\ninside", "cases a year of residents of the region"),
    column("cases_of", "Cases", "which expected cases take the pathway"),
    column("cases_over", "Cases", "cases a year of residents that go over it or rest on it"),
    column(
        "cases_per_1000",
        "Per 1,000",
        "cases a year per 1,000 people of the whole reference population",
    ),
    column(
        "catchment_people",
        "People\nnearest",
        "people to whom the hospital is the nearest that qualifies",
    ),
    column(
        "change_high",
        "Change,\nhigh",
        "difference to the middle with the factor at its high end",
    ),
    column(
        "change_high_half_width",
        "±",
        "half of the width of its 95 % interval, paired by replication",
    ),
    column("change_low", "Change,\nlow", "difference to the middle with the factor at its low end"),
    column(
        "change_low_half_width",
        "±",
        "half of the width of its 95 % interval, paired by replication",
    ),
    column("city", "Town", "town"),
    column("clock", "Clock", "day of the week and time of day"),
    column("column", "Column", "column of a problem, from 1"),
    column("component", "Group", "number of the group of linked hospitals, the largest first"),
    column("cooperation", "Cooperation", "key of a cooperation"),
    column("cooperations", "Cooperations", "keys of cooperations"),
    column("count", "Count", "how many"),
    column("days", "Days", "days since the call"),
    column("degree", "Partners", "number of hospitals that it works with"),
    column("department", "Department", "key of the department's specialty"),
    column("departments", "Departments", "number of departments"),
    column("depends_on", "Depends on", "hospitals that help it or take its patients on"),
    column("district", "District", "district (Kreis)"),
    column("done_mean_days", "Done\nmean\ndays", "mean days from the call to the end of the stage"),
    column(
        "done_mean_minutes",
        "Done\nmean\nmin",
        "mean minutes from the call to the end of the stage",
    ),
    column(
        "done_median_days",
        "Done\nmedian\ndays",
        "days to its end that half of the people do not exceed",
    ),
    column(
        "done_median_minutes",
        "Done\nmedian\nmin",
        "minutes to its end that half of the people do not exceed",
    ),
    column("done_minutes", "Done\nmin", "minutes from the call to the end of a stage"),
    column(
        "done_p90_days",
        "Done\nP90\ndays",
        "days to its end that 90 % of the people do not exceed",
    ),
    column(
        "done_p90_minutes",
        "Done\nP90\nmin",
        "minutes to its end that 90 % of the people do not exceed",
    ),
    column(
        "door_limit_minutes",
        "Door\nlimit",
        "time limit of arrival at the first hospital, inclusive",
    ),
    column(
        "door_share_within_limit",
        "Door in\ntime",
        "share of people who arrive at the first hospital in time",
    ),
    column("entities", "Of", "whose values they are: keys of hospitals, cooperations or pathways"),
    column("entity", "In", "what a problem is in"),
    column("event", "Event", "what happens, in one word"),
    column("facilities", "Facilities", "keys of its facilities"),
    column("factor", "Factor", "key of what is made larger and smaller"),
    column("factor_high", "×\nhigh", "the factor at its high end, as far as it is possible"),
    column("factor_low", "×\nlow", "the factor at its low end"),
    column("failed", "Which", "key of the cooperation or hospital that fails"),
    column("field", "Field", "field of a record, or of a cooperation"),
    column("figure", "Figure", "key of a figure of a simulation, in whose unit values are"),
    column("file", "File", "file of a problem, relative to the network's folder"),
    column(
        "first_standard_minutes",
        "To first\nstandard",
        "mean minutes to the first standard of the catalog",
    ),
    column(
        "fitted",
        "Fitted here",
        "whether the parameters were fitted on this year, so that it is no test",
    ),
    column("from", "From", "key of the hospital that gives: expert, centre or sender"),
    column("hospital", "Hospital", "key of a hospital"),
    column("hospital_name", "Name", "name of a hospital"),
    column("hospitals", "Hospitals", "number of hospitals"),
    column("hours_lost", "Hours\nlost", "hours a year that the cases lose together"),
    column(
        "hours_saved",
        "Hours\nsaved",
        "hours a year that it saves over all cases, given all others",
    ),
    column("hours_saved_alone", "Alone", "hours a year that it would save as the only one"),
    column(
        "hours_shapley",
        "Share",
        "its share of the hours that all cooperations save together (Shapley value)",
    ),
    column(
        "hours_shapley_half_width",
        "±",
        "half of the width of the share's 95 % interval; 0 when it is exact",
    ),
    column("huff", "Huff", "births predicted by the fitted Huff model, scaled to the observed sum"),
    column("huff_error", "Error, Huff", "mean absolute error in births per hospital, Huff"),
    column("huff_rank", "Rank, Huff", "rank correlation of predicted and observed, Huff"),
    column("inhabitants", "People", "people who live there"),
    column("inside_people", "People", "residents of the region"),
    column("instead", "Or from", "others who could give the same"),
    column("instead_count", "Others", "how many others could give the same"),
    column("is_articulation", "Holds\ntogether", "whether others lose their connection without it"),
    column("is_assumed", "Assumed", "whether nobody published it"),
    column("is_outside", "Outside", "whether it lies outside of the region"),
    column("key", "Key", "written key"),
    column("kind", "Kind", "kind"),
    column("least_beds", "Beds by\nformula", "least beds that meet the target, by formula"),
    column(
        "least_beds_from",
        "from",
        "least beds that the intervals of the simulation do not rule out",
    ),
    column(
        "least_beds_simulated",
        "by simu-\nlation",
        "least beds that meet the target, by simulation",
    ),
    column("least_beds_to", "to", "least beds whose whole interval meets the target"),
    column("leftover_cases", "Left over", "cases a year that no hospital takes"),
    column("licence", "Licence", "licence of a source, where it states one"),
    column("limit", "Limit", "time limit in words, inclusive"),
    column("limit_minutes", "Limit\nmin", "time limit of the standard, inclusive"),
    column("line", "Line", "line of a problem, from 1"),
    column("longest_minutes", "Longest\nmin", "longest time of anybody who reaches a hospital"),
    column("mean_minutes", "Mean\nmin", "mean time, weighted by people or cases"),
    column("mean_wait_hours", "Wait h,\nformula", "mean wait in hours of all patients, by formula"),
    column("median_minutes", "Median\nmin", "time that half of the people do not exceed"),
    column("members", "Members", "members"),
    column("message", "Problem", "what is wrong and what was expected"),
    column("minutes", "Minutes", "minutes of the journey"),
    column(
        "minutes_per_case",
        "Minutes\na case",
        "minutes saved or lost per case whose time changes",
    ),
    column("missing", "Why not", "what the hospital lacks"),
    column("model_value", "Model", "what the model gives"),
    column("most_minutes", "Most\nmin", "the most minutes that anybody loses"),
    column("name", "Name", "name"),
    column("name_de", "German", "German name"),
    column(
        "nearest",
        "Nearest",
        "births predicted when everybody goes to the nearest, scaled to the observed sum",
    ),
    column(
        "nearest_error",
        "Error, nearest",
        "mean absolute error in births per hospital, nearest",
    ),
    column(
        "nearest_hospital",
        "Nearest",
        "hospital that is the nearest to most people of the place",
    ),
    column("nearest_rank", "Rank, nearest", "rank correlation of predicted and observed, nearest"),
    column(
        "newly_beyond_people",
        "Newly\nbeyond",
        "people who would be beyond the limit if the hospital closed",
    ),
    column("note", "Note", "remark"),
    column("observed", "Observed", "births as the source gives them"),
    column("occupancy_share", "Occupancy", "bed days over the bed days that the beds offer"),
    column(
        "offered_beds",
        "Load,\nbeds",
        "beds that would be taken on average if there were always one",
    ),
    column("operator", "Operator", "operator (Träger)"),
    column("p90_minutes", "P90\nmin", "time that 90 % of the people do not exceed"),
    column("p95_minutes", "P95\nmin", "time that 95 % of the people do not exceed"),
    column("partner", "Partner", "hospital that it works with"),
    column("pathway", "Pathway", "key of a care pathway"),
    column("people", "People", "people of the standard's group"),
    column("people_beyond", "Beyond", "people beyond the limit, or without any hospital"),
    column(
        "people_later",
        "People\nlater",
        "residents whose time rises, or rises by more than the limit; shares of hours add up",
    ),
    column(
        "people_losing_way",
        "No way\nany more",
        "residents who lose their way to a stage; shares of hours add up",
    ),
    column("people_sooner", "People\nsooner", "residents whose time falls; shares of hours add up"),
    column(
        "people_with_way",
        "New way",
        "residents who gain a way that they do not have; shares of hours add up",
    ),
    column("people_within_15", "In 15", "people within 15 minutes"),
    column("people_within_30", "In 30", "people within 30 minutes"),
    column("people_within_45", "In 45", "people within 45 minutes"),
    column("people_within_60", "In 60", "people within 60 minutes"),
    column("people_within_limit", "People in limit", "people within the limit"),
    column("place", "Place", "key of a place"),
    column("place_name", "Place", "name of a place"),
    column("places", "Places", "number of places"),
    column(
        "pooled_refused_per_100",
        "shared,\nsimulated",
        "patients of 100 who find no bed when beds are shared, by simulation",
    ),
    column(
        "pooled_waiting_per_100",
        "shared,\nsimulated",
        "patients of 100 who wait for a bed when beds are shared, by simulation",
    ),
    column("population", "For", "whom the standard is for"),
    column("published_value", "Published", "figure that was published"),
    column("qualifies", "Qualifies", "whether the hospital offers what is needed"),
    column("rank", "#", "rank, from 1"),
    column("rank_correlation", "Rank\ncorrelation", "Spearman's rank correlation, -1 to 1"),
    column(
        "rank_stability",
        "Stability",
        "mean rank correlation of the hospitals' order with that of the middle, -1 to 1",
    ),
    column("rank_stability_least", "Least", "least of these rank correlations"),
    column("refused_cases", "Refused\na year", "patients a year who find no bed, by formula"),
    column("refused_per_100", "Refused\nof 100", "patients of 100 who find no bed, by formula"),
    column(
        "replaces",
        "Without it",
        "what most of its patients do without it: hospitals, stage by stage",
    ),
    column("rests_on", "Assumed", "what the answer rests on and nobody published"),
    column("route", "Route", "number of the route, from 1"),
    column(
        "second_hospital",
        "Second",
        "other hospital that is the nearest or second nearest to most people of the place",
    ),
    column("share", "Share", "share of the patients from inside"),
    column(
        "share_among_first",
        "Among\nfirst",
        "share of the points at which the hospital is among the first",
    ),
    column(
        "share_central_service",
        "Central\nservice",
        "share with the result of a centre in some stage",
    ),
    column(
        "share_direct",
        "Direct",
        "share with all stages at the first hospital, without a partner",
    ),
    column("share_helicopter", "Heli-\ncopter", "share who come by helicopter"),
    column(
        "share_telemedicine",
        "Tele-\nmedicine",
        "share with an expert's help from afar in some stage",
    ),
    column("share_transfer", "Handed\non", "share who are handed on to another hospital"),
    column(
        "share_transfer_without_agreement",
        "Not\nagreed",
        "share who are handed on where no agreement holds",
    ),
    column("share_visiting_team", "Team\ncomes", "share with a team that comes in some stage"),
    column("share_waited", "Waited", "share who wait for opening hours"),
    column("share_within_15", "≤ 15\nmin", "share of people within 15 minutes"),
    column("share_within_30", "≤ 30\nmin", "share of people within 30 minutes"),
    column("share_within_45", "≤ 45\nmin", "share of people within 45 minutes"),
    column("share_within_60", "≤ 60\nmin", "share of people within 60 minutes"),
    column("share_within_limit", "In limit", "share of people within the limit"),
    column("share_without_way", "No way", "share who do not get to the stage, or to the last one"),
    column("simulated_occupancy_share", "simu-\nlated", "taken beds over beds, by simulation"),
    column(
        "simulated_refused_from_per_100",
        "from",
        "lower end of the 95 % interval of the simulated patients of 100",
    ),
    column(
        "simulated_refused_per_100",
        "simu-\nlated",
        "patients of 100 who find no bed, by simulation",
    ),
    column(
        "simulated_refused_to_per_100",
        "to",
        "upper end of the 95 % interval of the simulated patients of 100",
    ),
    column(
        "simulated_wait_hours",
        "simu-\nlated",
        "mean wait in hours of all patients, by simulation",
    ),
    column(
        "simulated_waiting_from_per_100",
        "from",
        "lower end of the 95 % interval of the simulated patients of 100",
    ),
    column(
        "simulated_waiting_per_100",
        "simu-\nlated",
        "patients of 100 who wait for a bed, by simulation",
    ),
    column(
        "simulated_waiting_to_per_100",
        "to",
        "upper end of the 95 % interval of the simulated patients of 100",
    ),
    column("since", "Since", "first day"),
    column("source", "Source", "key or title of a source"),
    column("sourced", "Sourced", "values with a source"),
    column("specialty", "Specialty", "key of a specialty or condition"),
    column("stage", "Stage", "key of a stage, or the door of the first hospital"),
    column("stages", "Stages", "keys of the stages, in order"),
    column("standard", "Standard", "key of a standard"),
    column("standards_missed", "Misses", "standards that most of the place's people miss"),
    column(
        "start_mean_days",
        "Start\nmean\ndays",
        "mean days from the call to the start of the stage",
    ),
    column(
        "start_mean_minutes",
        "Start\nmean\nmin",
        "mean minutes from the call to the start of the stage",
    ),
    column(
        "start_median_days",
        "Start\nmedian\ndays",
        "days to its start that half of the people do not exceed",
    ),
    column(
        "start_median_minutes",
        "Start\nmedian\nmin",
        "minutes to its start that half of the people do not exceed",
    ),
    column("start_minutes", "Start\nmin", "minutes from the call to the start of a stage"),
    column(
        "start_p90_days",
        "Start\nP90\ndays",
        "days to its start that 90 % of the people do not exceed",
    ),
    column(
        "start_p90_minutes",
        "Start\nP90\nmin",
        "minutes to its start that 90 % of the people do not exceed",
    ),
    column("state", "If", "state of the network that is compared with what is there"),
    column("stay_days", "Days", "mean stay in days"),
    column("stroke_minutes", "Stroke min", "mean minutes to a stroke unit"),
    column("target", "Target", "what has to happen in time"),
    column("targets", "Targets", "time limits of a pathway"),
    column("to", "To", "key of the hospital that takes: site or receiver"),
    column("treatment_limit", "Limit", "time limit of the last stage in words, inclusive"),
    column(
        "treatment_limit_minutes",
        "Treatment\nlimit min",
        "time limit of the last stage, inclusive",
    ),
    column(
        "treatment_share_within_limit",
        "In\ntime",
        "share of people whose treatment starts or ends in time",
    ),
    column("unknown", "Unknown", "values that are not there"),
    column("unreached_people", "No way", "people who reach no hospital within the cut-off"),
    column("urgency", "Urgency", "whether patients may wait for opening hours"),
    column("url", "Address", "address of a source"),
    column("value", "Value", "value"),
    column("value_high", "High", "value with the factor at its high end"),
    column("value_low", "Low", "value with the factor at its low end"),
    column("value_median", "Median", "value that half of the points do not exceed"),
    column("value_middle", "Middle", "value with nothing changed"),
    column("value_p5", "P5", "value that 5 % of the points do not exceed"),
    column("value_p95", "P95", "value that 95 % of the points do not exceed"),
    column("waiting_cases", "Waiting\na year", "patients a year who wait for a bed, by formula"),
    column("waiting_per_100", "Waiting\nof 100", "patients of 100 who wait for a bed, by formula"),
    column("ward", "Ward", "a ward, or all wards together"),
    column("way", "Way", "how a stage is done, or which way patients go"),
    column("what", "What", "what it is about"),
    column("when", "When", "hours in which patients call"),
    column("why", "Why", "reason"),
    column(
        "without_way_people",
        "No way",
        "people who do not get to the stage, or to the last one",
    ),
    column("year", "Year", "year"),
];

/// The column of a key.
pub(super) fn find(key: &str) -> Option<&'static ColumnDoc> {
    COLUMNS.iter().find(|column| column.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_unique_and_snake_case() {
        for pair in COLUMNS.windows(2) {
            assert!(pair[0].key < pair[1].key, "{} {}", pair[0].key, pair[1].key);
        }
        for column in COLUMNS {
            let snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(column.key.chars().all(snake), "{}", column.key);
        }
    }
}
