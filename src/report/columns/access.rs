//! Who reaches care in what time: standards, catchments, routes, closures.

use super::Column;

columns! {
    given {
        pub const ADDED_CASES: Column = Column::new(
            "added_cases",
            "More\ncases",
            "cases a year that come from closed hospitals",
        );
        // Keys are stable: those that had "after" and "before" in front before there was a rule for it keep them there.
        pub const AFTER_AGED_PEOPLE: Column = Column::new(
            "after_aged_people",
            "65+\nafter",
            "residents of 65 and more years after a change",
        );
        pub const AFTER_PEOPLE: Column = Column::new(
            "after_people",
            "People\nafter",
            "residents after a change",
        );
        pub const AGE_GROUP: Column = Column::new(
            "age_group",
            "Who",
            "an age band of the standard's group",
        );
        pub const BEFORE_AGED_PEOPLE: Column = Column::new(
            "before_aged_people",
            "65+\nbefore",
            "residents of 65 and more years before a change",
        );
        pub const BEFORE_PEOPLE: Column = Column::new(
            "before_people",
            "People\nbefore",
            "residents before a change",
        );
        pub const CATCHMENT_PEOPLE: Column = Column::new(
            "catchment_people",
            "People\nnearest",
            "people to whom the hospital is the nearest that qualifies",
        );
        pub const CLOSED_HOSPITALS: Column = Column::new(
            "closed_hospitals",
            "Closed",
            "keys of the hospitals that close together",
        );
        pub const CLOSES: Column = Column::new(
            "closes",
            "Could\nclose",
            "whether the hospital is in the largest set that could close without anybody falling out",
        );
        pub const FIRST_OVERFULL: Column = Column::new(
            "first_overfull",
            "Overfull with\nmost more cases",
            "the overfull hospitals with most more cases, three at most, with occupancy before and after",
        );
        pub const FURTHER_STANDARDS: Column = Column::new(
            "further_standards",
            "Also\nby",
            "further standards by which a place is worse off",
        );
        pub const LATER_MINUTES: Column = Column::new(
            "later_minutes",
            "by\nmin",
            "mean minutes by which the time rises of those whose time rises: of a case where cases are known, else of a person",
        );
        pub const LATER_PERSON_MINUTES: Column = Column::new(
            "later_person_minutes",
            "by min\na person",
            "mean minutes by which the time rises of the people whose time rises",
        );
        pub const LONGEST_MINUTES: Column = Column::new(
            "longest_minutes",
            "Longest\nmin",
            "longest time of anybody who reaches a hospital",
        ).minor();
        pub const MEAN_AFTER_MINUTES: Column = Column::new(
            "mean_after_minutes",
            "Mean\nafter",
            "mean time after a change",
        );
        pub const MEAN_BEFORE_MINUTES: Column = Column::new(
            "mean_before_minutes",
            "Mean\nbefore",
            "mean time before a change",
        );
        pub const MEAN_MINUTES: Column = Column::new(
            "mean_minutes",
            "Mean\nmin",
            "mean time, weighted by people or cases",
        );
        pub const MEDIAN_MINUTES: Column = Column::new(
            "median_minutes",
            "Median\nmin",
            "time that half of the people do not exceed",
        ).minor();
        pub const MINUTES: Column = Column::new("minutes", "Minutes", "minutes of the journey");
        pub const MISSING: Column = Column::new("missing", "Why not", "what the hospital lacks");
        pub const MORE_THAN_SINGLES_PEOPLE: Column = Column::new(
            "more_than_singles_people",
            "More than\nsingles",
            "people newly beyond less the sum of those that the closure of each hospital alone puts beyond",
        );
        pub const MOVED_CASES: Column = Column::new(
            "moved_cases",
            "Cases\nmoved",
            "cases a year of all specialties at the hospitals before they close",
        );
        // A place counts by its points: parts of it may have another hospital as the nearest.
        pub const NEAREST_HOSPITAL: Column = Column::new(
            "nearest_hospital",
            "Nearest",
            "hospital that is the nearest to most people of the place",
        );
        pub const NEWLY_BEYOND_IF_QUICK_PEOPLE: Column = Column::new(
            "newly_beyond_if_quick_people",
            "Newly beyond,\nquick",
            "people newly beyond the limit if every journey were as quick as the margin of the travel times allows",
        );
        pub const NEWLY_BEYOND_IF_SLOW_PEOPLE: Column = Column::new(
            "newly_beyond_if_slow_people",
            "Newly beyond,\nslow",
            "people newly beyond the limit if every journey were as slow as the margin of the travel times allows",
        );
        pub const NEWLY_OVERFULL_HOSPITALS: Column = Column::new(
            "newly_overfull_hospitals",
            "Newly\nfull",
            "number of hospitals that take cases and only then have more bed days than beds",
        );
        pub const NEWLY_UNREACHED_PEOPLE: Column = Column::new(
            "newly_unreached_people",
            "No\nway",
            "people left without any hospital of the standard within the cut-off",
        );
        pub const OCCUPANCY_BEFORE_SHARE: Column = Column::new(
            "occupancy_before_share",
            "Occupancy\nbefore",
            "occupancy with every hospital open",
        );
        pub const ONLY_TOGETHER_PEOPLE: Column = Column::new(
            "only_together_people",
            "Only\ntogether",
            "people who fall out only when all of the set close: exactly these are within the limit",
        );
        pub const OPEN_HOURS: Column = Column::new(
            "open_hours",
            "Open",
            "hours of the week in which it offers this",
        );
        pub const OVER_BAND: Column = Column::new(
            "over_band",
            "Over\nband",
            "whether the verdict is the same for all travel times within their margin, or not decided by the road model",
        );
        pub const P90_AFTER_MINUTES: Column = Column::new(
            "p90_after_minutes",
            "P90\nafter",
            "time that 90 % of the people do not exceed after a change",
        ).minor();
        pub const P90_BEFORE_MINUTES: Column = Column::new(
            "p90_before_minutes",
            "P90\nbefore",
            "time that 90 % of the people did not exceed before a change",
        ).minor();
        pub const P90_MINUTES: Column = Column::new(
            "p90_minutes",
            "P90\nmin",
            "time that 90 % of the people do not exceed",
        ).minor();
        pub const PART_TIME_HOSPITALS: Column = Column::new(
            "part_time_hospitals",
            "Part\ntime",
            "hospitals that offer it in some hours of the week only",
        );
        pub const PEOPLE_TO_NEXT: Column = Column::new(
            "people_to_next",
            "People\nto next",
            "people who lose the nearest hospital",
        );
        // For programs only, so that the heading needs no unit: text has the shares.
        pub const PEOPLE_WITHIN_15: Column = Column::new(
            "people_within_15",
            "In 15",
            "people within 15 minutes",
        );
        pub const PEOPLE_WITHIN_30: Column = Column::new(
            "people_within_30",
            "In 30",
            "people within 30 minutes",
        );
        pub const PEOPLE_WITHIN_45: Column = Column::new(
            "people_within_45",
            "In 45",
            "people within 45 minutes",
        );
        pub const PEOPLE_WITHIN_60: Column = Column::new(
            "people_within_60",
            "In 60",
            "people within 60 minutes",
        );
        pub const PEOPLE_WITHIN_LIMIT: Column = Column::new(
            "people_within_limit",
            "People in limit",
            "people within the limit",
        );
        pub const RESTS_ON: Column = Column::new(
            "rests_on",
            "Assumed",
            "what the answer rests on and nobody published",
        );
        pub const SECOND_HOSPITAL: Column = Column::new(
            "second_hospital",
            "Second",
            "other hospital that is the nearest or second nearest to most people of the place",
        );
        pub const SHARE_IN_WORST_HOURS: Column = Column::new(
            "share_in_worst_hours",
            "In worst\nhours",
            "share of people within the limit in the hours of the week with the fewest",
        );
        pub const SHARE_IN_WORST_HOURS_IF_QUICK: Column = Column::new(
            "share_in_worst_hours_if_quick",
            "Worst hours\nif quick",
            "share of people within the limit in the hours of the week with the fewest, if every journey were as quick as the margin of the travel times allows",
        );
        pub const SHARE_IN_WORST_HOURS_IF_SLOW: Column = Column::new(
            "share_in_worst_hours_if_slow",
            "Worst hours\nif slow",
            "share of people within the limit in the hours of the week with the fewest, if every journey were as slow as the margin of the travel times allows",
        );
        pub const SHARE_OVER_WEEK: Column = Column::new(
            "share_over_week",
            "Over\nweek",
            "share of people within the limit, as the mean of all hours of the week",
        );
        pub const SHARE_OVER_WEEK_IF_QUICK: Column = Column::new(
            "share_over_week_if_quick",
            "Over week\nif quick",
            "share of people within the limit, as the mean of all hours of the week, if every journey were as quick as the margin of the travel times allows",
        );
        pub const SHARE_OVER_WEEK_IF_SLOW: Column = Column::new(
            "share_over_week_if_slow",
            "Over week\nif slow",
            "share of people within the limit, as the mean of all hours of the week, if every journey were as slow as the margin of the travel times allows",
        );
        pub const SHARE_WITHIN_15_IF_QUICK: Column = Column::new(
            "share_within_15_if_quick",
            "≤ 15 min\nif quick",
            "share of people within 15 minutes if every journey were as quick as the margin of the travel times allows",
        ).minor();
        pub const SHARE_WITHIN_15_IF_SLOW: Column = Column::new(
            "share_within_15_if_slow",
            "≤ 15 min\nif slow",
            "share of people within 15 minutes if every journey were as slow as the margin of the travel times allows",
        ).minor();
        pub const SHARE_WITHIN_30_IF_QUICK: Column = Column::new(
            "share_within_30_if_quick",
            "≤ 30 min\nif quick",
            "share of people within 30 minutes if every journey were as quick as the margin of the travel times allows",
        ).minor();
        pub const SHARE_WITHIN_30_IF_SLOW: Column = Column::new(
            "share_within_30_if_slow",
            "≤ 30 min\nif slow",
            "share of people within 30 minutes if every journey were as slow as the margin of the travel times allows",
        ).minor();
        pub const SHARE_WITHIN_45_IF_QUICK: Column = Column::new(
            "share_within_45_if_quick",
            "≤ 45 min\nif quick",
            "share of people within 45 minutes if every journey were as quick as the margin of the travel times allows",
        ).minor();
        pub const SHARE_WITHIN_45_IF_SLOW: Column = Column::new(
            "share_within_45_if_slow",
            "≤ 45 min\nif slow",
            "share of people within 45 minutes if every journey were as slow as the margin of the travel times allows",
        ).minor();
        pub const SHARE_WITHIN_60_IF_QUICK: Column = Column::new(
            "share_within_60_if_quick",
            "≤ 60 min\nif quick",
            "share of people within 60 minutes if every journey were as quick as the margin of the travel times allows",
        ).minor();
        pub const SHARE_WITHIN_60_IF_SLOW: Column = Column::new(
            "share_within_60_if_slow",
            "≤ 60 min\nif slow",
            "share of people within 60 minutes if every journey were as slow as the margin of the travel times allows",
        ).minor();
        pub const SHARE_AT_BEST_IF_QUICK: Column = Column::new(
            "share_at_best_if_quick",
            "At best\nif quick",
            "share of people within the limit if hospitals qualified of which the data do not say whether they do, and every journey were as quick as the margin of the travel times allows",
        );
        pub const SHARE_AT_BEST_IF_SLOW: Column = Column::new(
            "share_at_best_if_slow",
            "At best\nif slow",
            "share of people within the limit if hospitals qualified of which the data do not say whether they do, and every journey were as slow as the margin of the travel times allows",
        );
        pub const SHARE_WITHIN_45: Column = Column::new(
            "share_within_45",
            "≤ 45\nmin",
            "share of people within 45 minutes",
        ).minor();
        pub const SHARE_WITHIN_60: Column = Column::new(
            "share_within_60",
            "≤ 60\nmin",
            "share of people within 60 minutes",
        ).minor();
        pub const SOONER_MINUTES: Column = Column::new(
            "sooner_minutes",
            "by\nmin",
            "mean minutes by which the time falls of those whose time falls: of a case where cases are known, else of a person",
        );
        pub const SOONER_PERSON_MINUTES: Column = Column::new(
            "sooner_person_minutes",
            "by min\na person",
            "mean minutes by which the time falls of the people whose time falls",
        );
        pub const STANDARD: Column = Column::new("standard", "Standard", "key of a standard");
        pub const UNKNOWN_HOSPITALS: Column = Column::new(
            "unknown_hospitals",
            "Unknown",
            "hospitals that do not count, because the data do not say whether they qualify",
        );
        pub const UNREACHED_PEOPLE: Column = Column::new(
            "unreached_people",
            "No way",
            "people who reach no hospital within the cut-off",
        );
        pub const VERDICT: Column = Column::new("verdict", "Verdict", "what became of it");
        pub const WITHIN_AFTER_SHARE: Column = Column::new(
            "within_after_share",
            "In limit\nafter",
            "share of the people within the limit after a change",
        );
        pub const WITHIN_BEFORE_SHARE: Column = Column::new(
            "within_before_share",
            "In limit\nbefore",
            "share of the people within the limit before a change",
        );
        pub const WON_PEOPLE: Column = Column::new(
            "won_people",
            "New in\ntime",
            "people who are within the limit after a change and were not before",
        );
        pub const WORST_HOURS: Column = Column::new(
            "worst_hours",
            "Worst hours",
            "hours of the week with the fewest people within the limit",
        );
    }
    derived {
    }
    by_protocol {
    }
}
