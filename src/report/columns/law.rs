//! What the law says: service groups, levels, stages, supplements, minimum volumes.

use super::Column;

columns! {
    given {
        pub const AFFECTED_IF_QUICK_PEOPLE: Column = Column::new(
            "affected_if_quick_people",
            "Affected,\nquick",
            "people affected if every journey were as quick as the margin of the travel times allows",
        );
        pub const AFFECTED_IF_SLOW_PEOPLE: Column = Column::new(
            "affected_if_slow_people",
            "Affected,\nslow",
            "people affected if every journey were as slow as the margin of the travel times allows",
        );
        pub const AFFECTED_OUTSIDE_PEOPLE: Column = Column::new(
            "affected_outside_people",
            "Affected\noutside",
            "affected people who live outside of the region",
        );
        pub const AFFECTED_PEOPLE: Column = Column::new(
            "affected_people",
            "Affected",
            "people of the provision's group who have this site as nearest and no second one within the limit",
        );
        pub const AFTER_VERDICT: Column = Column::new(
            "after_verdict",
            "After",
            "what the law says after a change",
        );
        pub const ALLOWED_STAGE: Column = Column::new(
            "allowed_stage",
            "Sure",
            "highest emergency stage for which nothing is missing or unknown",
        );
        pub const AREA_KM2: Column = Column::new(
            "area_km2",
            "km²",
            "square kilometres of the service area",
        );
        pub const BASE_VERDICT: Column = Column::new(
            "base_verdict",
            "Now",
            "verdict with nothing changed",
        );
        pub const BEFORE_VERDICT: Column = Column::new(
            "before_verdict",
            "Before",
            "what the law said before a change",
        );
        pub const BETWEEN_MINUTES: Column = Column::new(
            "between_minutes",
            "Between\nmin",
            "minutes of the journey between the two hospitals",
        );
        pub const CASES_HIGH: Column = Column::new(
            "cases_high",
            "To",
            "cases a year that 95 % of the years do not exceed",
        );
        pub const CASES_LOW: Column = Column::new(
            "cases_low",
            "From",
            "cases a year that 95 % of the years reach",
        );
        pub const COMPARISON: Column = Column::new(
            "comparison",
            "Stated\nis",
            "how the stated stage fits what the data allows: `same`, `unknown`, `higher` or `lower`",
        );
        pub const COMPUTED_LEVEL: Column = Column::new(
            "computed_level",
            "By\ncounts",
            "highest federal level that the groups reach",
        );
        pub const CONDITIONS_MET: Column = Column::new(
            "conditions_met",
            "Met",
            "provisions of which what the rule asks of the region is met",
        );
        pub const CONDITIONS_NOT_MET: Column = Column::new(
            "conditions_not_met",
            "Not met",
            "provisions of which it is not, and by how much",
        );
        pub const CONDITIONS_UNKNOWN: Column = Column::new(
            "conditions_unknown",
            "Unknown",
            "provisions of which nobody can tell, and what the data lack",
        );
        pub const COUNTED_IN: Column = Column::new(
            "counted_in",
            "Counted",
            "year in which the cases were counted; empty for expected ones",
        );
        pub const DENSITY_PER_KM2: Column = Column::new(
            "density_per_km2",
            "People\nper km²",
            "people of the provision's group per square kilometre of the service area",
        );
        pub const DEPARTMENTS_A: Column = Column::new(
            "departments_a",
            "A",
            "how many departments of list A it has",
        );
        pub const DEPARTMENTS_B: Column = Column::new(
            "departments_b",
            "B",
            "how many departments of list B it has",
        );
        pub const DEPARTMENTS_PERHAPS: Column = Column::new(
            "departments_perhaps",
            "Perhaps",
            "listed departments that may be hidden in a broader one",
        );
        pub const FAILS_COUNT: Column = Column::new(
            "fails_count",
            "Fails",
            "of how many the verdict is that it fails",
        );
        // A speed that is 20 % higher takes 1 / 1.2 of the time, one that is 20 % lower 1 / 0.8 of it.
        pub const FASTER_AFFECTED_PEOPLE: Column = Column::new(
            "faster_affected_people",
            "Faster\nroads",
            "affected people when journeys take 1 / 1.2 of their time",
        );
        pub const FASTER_CASES: Column = Column::new(
            "faster_cases",
            "Faster\nroads",
            "cases a year when journeys take 1 / 1.2 of their time",
        );
        pub const FASTER_VERDICT: Column = Column::new(
            "faster_verdict",
            "Faster\nroads",
            "verdict when journeys take 1 / 1.2 of their time",
        );
        pub const FEDERAL_LEVEL: Column = Column::new(
            "federal_level",
            "Level",
            "federal level, the assigned one before the computed one",
        );
        pub const FLIPS: Column = Column::new(
            "flips",
            "Flips",
            "in which variants the verdict is another one than in the base",
        );
        pub const GROUP: Column = Column::new(
            "group",
            "LG",
            "number of a service group (Leistungsgruppe) of annex 1 SGB V",
        );
        // In German: the names of annex 1 SGB V are terms of law, and a translation would be another thing.
        pub const GROUP_NAME: Column = Column::new(
            "group_name",
            "Name",
            "official name of a service group",
        );
        pub const GROUPS_BY_COOPERATION: Column = Column::new(
            "groups_by_cooperation",
            "By co-\noperation",
            "service groups that it has only with cooperations",
        );
        pub const GROUPS_MISSING: Column = Column::new(
            "groups_missing",
            "Missing",
            "service groups that it offers without what the law asks for",
        );
        // Counted for a screen; the list of the same groups is for programs.
        pub const GROUPS_ON_SITE: Column = Column::new(
            "groups_on_site",
            "On\nsite",
            "service groups that the site has without any partner, counted",
        );
        pub const GROUPS_ON_SITE_LIST: Column = Column::new(
            "groups_on_site_list",
            "On site",
            "service groups that the site has without any partner",
        );
        pub const GROUPS_UNKNOWN: Column = Column::new(
            "groups_unknown",
            "Un-\nknown",
            "service groups of which nobody can tell from the data whether the site has them",
        );
        // 64 is the number of its service group.
        pub const HAS_INTENSIVE_CARE: Column = Column::new(
            "has_intensive_care",
            "64",
            "whether it has intensive care",
        );
        pub const HOLDS_COUNT: Column = Column::new(
            "holds_count",
            "Holds",
            "of how many the verdict is that it holds",
        );
        pub const HOW: Column = Column::new(
            "how",
            "How, or what is missing",
            "who supplies what under which agreement; or each clause that fails",
        );
        pub const INTENSIVE_BEDS: Column = Column::new(
            "intensive_beds",
            "ICU\nbeds",
            "intensive care beds",
        );
        pub const INTERNAL_GROUPS: Column = Column::new(
            "internal_groups",
            "In-\nternal",
            "number of internal service groups that the site has",
        );
        pub const IS_ENDANGERED: Column = Column::new(
            "is_endangered",
            "Enough\naffected",
            "whether a closure would endanger coverage: affected people at the threshold or above",
        );
        pub const IS_ENOUGH: Column = Column::new(
            "is_enough",
            "Enough",
            "whether the cases themselves reach the least number, however near it they are",
        );
        pub const IS_LOW_DEMAND: Column = Column::new(
            "is_low_demand",
            "Low\ndensity",
            "whether demand is low: density below the threshold",
        );
        pub const IS_STATED_ASSUMED: Column = Column::new(
            "is_stated_assumed",
            "Stated\nassumed",
            "whether the stage that the network states is assumed",
        );
        pub const IS_THERE: Column = Column::new("is_there", "Has", "whether the hospital has it");
        pub const LATER_LINES: Column = Column::new(
            "later_lines",
            "Later",
            "least numbers of later years",
        );
        pub const LEAST_AFFECTED_PEOPLE: Column = Column::new(
            "least_affected_people",
            "Least\naffected",
            "affected people from whom on coverage is endangered",
        );
        pub const LEAST_CASES: Column = Column::new("least_cases", "Least", "least cases a year");
        pub const LIST: Column = Column::new("list", "List", "list of the rule that it stands in");
        // In German, as the rule has it: whether a hospital has the department hangs on the word.
        pub const LISTED_DEPARTMENT: Column = Column::new(
            "listed_department",
            "Department",
            "German name of a department of the rule",
        );
        pub const LONGER_AFFECTED_PEOPLE: Column = Column::new(
            "longer_affected_people",
            "Limit\n+5 min",
            "affected people when the limit is five minutes longer",
        );
        pub const LONGER_VERDICT: Column = Column::new(
            "longer_verdict",
            "Limit\n+5 min",
            "verdict when the limit is five minutes longer",
        );
        pub const LOW_DENSITY_PER_KM2: Column = Column::new(
            "low_density_per_km2",
            "Low\nbelow",
            "density below which demand is low",
        );
        pub const MARGIN_PEOPLE: Column = Column::new(
            "margin_people",
            "Margin",
            "affected people less the threshold; 0 or more when coverage is endangered",
        );
        pub const MIN_SPECIALISTS: Column = Column::new(
            "min_specialists",
            "Specialists",
            "least number of specialists",
        );
        pub const MISSING_FOR_NEXT: Column = Column::new(
            "missing_for_next",
            "Missing for it",
            "what is missing for the next level",
        );
        pub const MISSING_FOR_STAGE: Column = Column::new(
            "missing_for_stage",
            "Missing",
            "what is missing for the stage",
        );
        pub const NEXT_LEVEL: Column = Column::new(
            "next_level",
            "Next",
            "next federal level that can be reached",
        );
        pub const OFFERED_BY: Column = Column::new(
            "offered_by",
            "Taken for it",
            "what a hospital must have for it",
        );
        pub const OTHER_GROUPS: Column = Column::new(
            "other_groups",
            "Other",
            "number of its other service groups, without intensive care",
        );
        pub const PEOPLE_IN_AREA: Column = Column::new(
            "people_in_area",
            "People\nin area",
            "people of the provision's group in the service area",
        );
        pub const PEOPLE_NEAREST: Column = Column::new(
            "people_nearest",
            "People\nnearest",
            "people to whom it is the nearest",
        );
        pub const POOLED_CASES: Column = Column::new(
            "pooled_cases",
            "After\npooling",
            "cases a year when every hospital below the line has given its own away",
        );
        pub const POOLED_TO: Column = Column::new(
            "pooled_to",
            "Would go to",
            "nearest hospital at or above the line",
        );
        pub const POSSIBLE_LEVEL: Column = Column::new(
            "possible_level",
            "At best",
            "highest federal level that the groups reach, those of which nobody can tell taken to be there",
        );
        pub const POSSIBLE_STAGE: Column = Column::new(
            "possible_stage",
            "At best",
            "highest emergency stage for which nothing is missing, whatever is unknown taken to be there",
        );
        pub const PROVISION: Column = Column::new(
            "provision",
            "Pro-\nvision",
            "key of the provision of the rule, or of a part",
        );
        pub const RULE: Column = Column::new("rule", "Rule", "the rule whose answer changes");
        pub const SCENARIO_AFFECTED_PEOPLE: Column = Column::new(
            "scenario_affected_people",
            "Scenario",
            "affected people under the scenario",
        );
        pub const SCENARIO_CASES: Column = Column::new(
            "scenario_cases",
            "Scenario",
            "cases a year under the scenario",
        );
        pub const SCENARIO_VERDICT: Column = Column::new(
            "scenario_verdict",
            "Scenario",
            "verdict under the scenario",
        );
        pub const SECOND_MINUTES: Column = Column::new(
            "second_minutes",
            "Second\nmin",
            "mean minutes to the second nearest hospital, over those who have one",
        );
        pub const SERVICE: Column = Column::new("service", "Service", "key of a service");
        pub const SHORTER_AFFECTED_PEOPLE: Column = Column::new(
            "shorter_affected_people",
            "Limit\n−5 min",
            "affected people when the limit is five minutes shorter",
        );
        pub const SHORTER_VERDICT: Column = Column::new(
            "shorter_verdict",
            "Limit\n−5 min",
            "verdict when the limit is five minutes shorter",
        );
        pub const SLOWER_AFFECTED_PEOPLE: Column = Column::new(
            "slower_affected_people",
            "Slower\nroads",
            "affected people when journeys take 1 / 0.8 of their time",
        );
        pub const SLOWER_CASES: Column = Column::new(
            "slower_cases",
            "Slower\nroads",
            "cases a year when journeys take 1 / 0.8 of their time",
        );
        pub const SLOWER_VERDICT: Column = Column::new(
            "slower_verdict",
            "Slower\nroads",
            "verdict when journeys take 1 / 0.8 of their time",
        );
        pub const STATED_PAYMENT: Column = Column::new(
            "stated_payment",
            "Paid",
            "the payment that a source states, with its year",
        );
        pub const STATED_STAGE: Column = Column::new(
            "stated_stage",
            "Stated",
            "emergency stage that the network states",
        );
        pub const SUPPLIED_GROUPS: Column = Column::new(
            "supplied_groups",
            "Must cover",
            "service groups that the agreement must cover, by the site that supplies them",
        );
        pub const SURGICAL_GROUPS: Column = Column::new(
            "surgical_groups",
            "Sur-\ngical",
            "number of surgical service groups that the site has",
        );
        pub const UNCOUNTED_COUNT: Column = Column::new(
            "uncounted_count",
            "Not\ncounted",
            "hospitals that may do it, of which nobody knows a count",
        );
        pub const UNKNOWN_COUNT: Column = Column::new(
            "unknown_count",
            "Un-\nknown",
            "of how many the data lack something, so that nobody can tell",
        );
        pub const UNKNOWN_FOR_STAGE: Column = Column::new(
            "unknown_for_stage",
            "Unknown",
            "what the data do not say of the hospital",
        );
        pub const UNLOCKED_COUNT: Column = Column::new(
            "unlocked_count",
            "Un-\nlocked",
            "number of service groups that the agreement unlocks",
        );
        pub const UNLOCKED_GROUPS: Column = Column::new(
            "unlocked_groups",
            "Groups unlocked",
            "service groups that the agreement unlocks, by site",
        );
        pub const WIDEST_METRES: Column = Column::new(
            "widest_metres",
            "Widest\nm",
            "greatest distance between two of them in metres",
        );
        pub const WITHOUT_SECOND_PEOPLE: Column = Column::new(
            "without_second_people",
            "No\nsecond",
            "affected people without any second hospital within the cut-off",
        );
        pub const WITHOUT_WAY_CASES: Column = Column::new(
            "without_way_cases",
            "No way",
            "cases a year without a way",
        );
    }
    derived {
    }
    by_protocol {
    }
}
