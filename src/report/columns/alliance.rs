//! Alliances: members, indicators, limits, ranks, charts over years, releases.

use super::Column;

columns! {
    given {
        pub const MEMBERS_INSIDE: Column = Column::new(
            "members_inside",
            "Inside",
            "members that lie inside of the region",
        );
        pub const LINKS_WITH_EFFECT: Column = Column::new(
            "links_with_effect",
            "Links with\neffect",
            "cooperations among members whose kind can change what happens to a patient",
        );
        pub const ALLIANCE: Column = Column::new("alliance", "Alliance", "key of an alliance");
        pub const CENTRE: Column = Column::new(
            "centre",
            "Centre",
            "value that members are compared with, in the unit of the indicator; missing of numbers by themselves",
        );
        pub const TOTAL_MEMBERS: Column = Column::new(
            "total_members",
            "Of",
            "members in all, where a source says so",
        );
        pub const COMPARED_MEMBERS: Column = Column::new(
            "compared_members",
            "Members",
            "members with a figure of the year",
        );
        pub const DEFINITION: Column = Column::new(
            "definition",
            "Definition",
            "what exactly an indicator counts",
        );
        pub const DIRECTION: Column = Column::new(
            "direction",
            "Better",
            "which way an indicator should go: `higher`, `lower`, or missing",
        );
        pub const DISCOVERY_RATE: Column = Column::new(
            "discovery_rate",
            "False\ndiscovery",
            "rate of false discoveries at which a comparison is just discovered, over all indicators and members of the table",
        );
        pub const EVENTS: Column = Column::new("events", "Events", "events that were counted");
        pub const FIGURE_BASE: Column = Column::new(
            "base",
            "Of",
            "cases, expected events or exposure of a member",
        );
        pub const FIGURE_VALUE: Column = Column::new(
            "indicator_value",
            "Value",
            "value of an indicator in its unit",
        );
        pub const HIGHEST_RANK: Column = Column::new(
            "highest_rank",
            "Rank\nto",
            "highest rank that the data allow a member; missing where values have no chance that is known",
        );
        pub const INDICATOR: Column = Column::new("indicator", "Indicator", "key of an indicator");
        pub const INDICATOR_NAME: Column = Column::new(
            "indicator_name",
            "Indicator",
            "name of an indicator",
        );
        pub const INDICATOR_UNIT: Column = Column::new(
            "indicator_unit",
            "Unit",
            "unit of an indicator, as the dictionary says it",
        );
        pub const IN_NETWORK: Column = Column::new(
            "in_network",
            "In the\nnetwork",
            "members that the network holds",
        );
        pub const KEEPS_PROBABILITY: Column = Column::new(
            "keeps_probability",
            "Keeps the\nreference",
            "probability that what lies behind a member's value keeps the reference of the dictionary, by the rule of IQTIG",
        );
        pub const LOWER_LIMIT: Column = Column::new(
            "lower_limit",
            "Lower",
            "lower limit by chance alone; missing where no value would be unusually low",
        );
        pub const LOWER_QUARTILE: Column = Column::new(
            "lower_quartile",
            "Lower\nquartile",
            "value below which a quarter of the members lies",
        );
        pub const LOWEST_RANK: Column = Column::new(
            "lowest_rank",
            "Rank\nfrom",
            "lowest rank that the data allow a member; missing where values have no chance that is known",
        );
        pub const MEMBER: Column = Column::new(
            "member",
            "Member",
            "key of a member that the network holds, or its name",
        );
        pub const MEMBERS_MEDIAN: Column = Column::new(
            "members_median",
            "Median",
            "median of the members' values",
        );
        pub const MOVING_RANGE: Column = Column::new(
            "moving_range",
            "Moving\nrange",
            "distance to the value of the year before",
        );
        pub const P_VALUE: Column = Column::new(
            "p_value",
            "p",
            "two-sided mid-p-value of a count when the member is at the centre",
        );
        pub const PHI: Column = Column::new(
            "phi",
            "phi",
            "mean squared z-score of the members, winsorised: 1 when chance is all there is",
        );
        pub const PURPOSES: Column = Column::new("purposes", "Purposes", "what an alliance is for").minor();
        pub const QUARTER: Column = Column::new(
            "quarter",
            "Quarter",
            "quarter of the members in which a value lies, 1 (lowest) to 4",
        );
        pub const RELEASED_COUNT: Column = Column::new(
            "released_count",
            "Count",
            "count of events that people outside may see; missing where it is kept back",
        );
        pub const REVENUE: Column = Column::new(
            "revenue_billion_eur",
            "Revenue,\nbn EUR",
            "revenue a year of all members together, in billions of euros",
        );
        pub const SHMI_SIGNAL: Column = Column::new(
            "shmi_signal",
            "By SHMI",
            "where a value lies by limits as NHS Digital's SHMI draws them: `low`, `within`, `high`",
        );
        pub const SIGNAL: Column = Column::new(
            "signal",
            "By chance",
            "where a value lies by limits of chance alone: `low`, `within`, `high`",
        );
        pub const SIGNIFICANT: Column = Column::new(
            "is_significant",
            "By\nmid-p",
            "whether the one-sided mid-p-value against the reference is at most 5 %, as for planning-relevant indicators",
        );
        pub const SPECIAL_CAUSES: Column = Column::new(
            "special_causes",
            "Why",
            "rules by which a year is no common variation: `outside`, `shift`, `trend`, `near limit`",
        );
        pub const STAFF: Column = Column::new("staff", "Staff", "staff in persons");
        pub const TAU: Column = Column::new(
            "tau",
            "tau",
            "standard deviation between members beyond chance, on the scale of roots (shares: arcsine)",
        );
        pub const TOTAL_INPATIENTS: Column = Column::new(
            "inpatients",
            "Inpatients",
            "inpatients a year of all members together",
        );
        pub const UNUSUAL: Column = Column::new(
            "is_unusual",
            "By\nIQTIG",
            "whether that probability is at most 5 %, so that a result is beyond the reference by more than chance",
        );
        pub const UPPER_LIMIT: Column = Column::new(
            "upper_limit",
            "Upper",
            "upper limit by chance alone; missing where no value would be unusually high",
        );
        pub const UPPER_QUARTILE: Column = Column::new(
            "upper_quartile",
            "Upper\nquartile",
            "value above which a quarter of the members lies",
        );
        pub const PERIOD: Column = Column::new(
            "period",
            "Year",
            "year of a count, or `all`",
        );
        pub const VARIATION: Column = Column::new(
            "variation",
            "Variation",
            "what a year says: `common`, `improvement`, `concern`, or `high` and `low` where neither is better",
        );
        pub const WIDENED_LOWER: Column = Column::new(
            "widened_lower_limit",
            "Widened\nlower",
            "lower limit with the differences between members",
        );
        pub const WIDENED_SIGNAL: Column = Column::new(
            "widened_signal",
            "Widened",
            "where a value lies by limits that are widened by how much members differ: `low`, `within`, `high`",
        );
        pub const WIDENED_UPPER: Column = Column::new(
            "widened_upper_limit",
            "Widened\nupper",
            "upper limit with the differences between members",
        );
        pub const OVERFULL_OCCUPANCY: Column = Column::new(
            "overfull_occupancy_share",
            "Occupancy",
            "bed days over those that the beds offer",
        );
        pub const PEOPLE_IN_TIME: Column = Column::new(
            "people_in_time",
            "In time",
            "people within the limit of a standard",
        );
        pub const LAST_STAGE_MINUTES: Column = Column::new(
            "last_stage_minutes",
            "Last stage,\nmin",
            "mean minutes from the call until the last stage is done",
        );
        pub const PEOPLE_WITHOUT_WAY: Column = Column::new(
            "people_without_way",
            "Without\nway",
            "people without a way to the last stage",
        );
    }
    derived {
        pub const OCCUPANCY_OF_OVERFULL_BEFORE: Column = OVERFULL_OCCUPANCY.before();
        pub const OCCUPANCY_OF_OVERFULL_AFTER: Column = OVERFULL_OCCUPANCY.after();
        pub const WITHIN_LIMIT_BEFORE: Column = PEOPLE_IN_TIME.before();
        pub const WITHIN_LIMIT_AFTER: Column = PEOPLE_IN_TIME.after();
        pub const STAGE_MEAN_BEFORE: Column = LAST_STAGE_MINUTES.before();
        pub const STAGE_MEAN_AFTER: Column = LAST_STAGE_MINUTES.after();
        pub const WITHOUT_WAY_BEFORE: Column = PEOPLE_WITHOUT_WAY.before();
        pub const WITHOUT_WAY_AFTER: Column = PEOPLE_WITHOUT_WAY.after();
    }
    by_protocol {
    }
}
