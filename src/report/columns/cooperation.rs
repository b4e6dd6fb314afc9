//! Cooperations: what they are, what they change, and who works with whom.

use super::Column;

columns! {
    given {
        pub const BETWEEN: Column = Column::new(
            "between",
            "Between whom",
            "who gives and who is helped, or hands on to whom; or the partners and sites around",
        );
        pub const BETWEENNESS: Column = Column::new(
            "betweenness",
            "Between",
            "share-weighted pairs of hospitals that are connected through it",
        );
        pub const CARRIED_BY: Column = Column::new(
            "carried_by",
            "Carried out by",
            "kinds of cooperation that could carry the field out",
        );
        pub const CASES_OVER: Column = Column::new(
            "cases_over",
            "Cases",
            "cases a year of residents that go over it or rest on it",
        );
        pub const COMPONENT: Column = Column::new(
            "component",
            "Group",
            "number of the group of linked hospitals, the largest first",
        );
        pub const COOPERATION: Column = Column::new(
            "cooperation",
            "Cooperation",
            "key of a cooperation",
        );
        pub const COOPERATIONS: Column = Column::new(
            "cooperations",
            "Cooperations",
            "keys of cooperations",
        );
        pub const DEGREE: Column = Column::new(
            "degree",
            "Partners",
            "number of hospitals that it works with",
        );
        pub const DEPENDS_ON: Column = Column::new(
            "depends_on",
            "Depends on",
            "hospitals that help it or take its patients on",
        );
        pub const FAILED: Column = Column::new(
            "failed",
            "Which",
            "key of the cooperation or hospital that fails",
        );
        pub const GAINING_BY: Column = Column::new(
            "gaining_by",
            "By",
            "the standard or care pathway by which the gaining place gains most",
        );
        pub const GAINING_MINUTES: Column = Column::new(
            "gaining_minutes",
            "by\nmin",
            "mean minutes by which the time falls of those of the gaining place whose time falls",
        );
        pub const GAINING_PEOPLE: Column = Column::new(
            "gaining_people",
            "People",
            "residents of the gaining place whose time falls, or who gain a way",
        );
        pub const GAINING_PLACE: Column = Column::new(
            "gaining_place",
            "Gains",
            "name of a place that gains",
        );
        pub const HOURS_SHAPLEY_HALF_WIDTH: Column = Column::new(
            "hours_shapley_half_width",
            "±",
            "half of the width of the share's 95 % interval; 0 when it is exact",
        );
        pub const IN_SHORT: Column = Column::new(
            "in_short",
            "What that would change",
            "what it would change, or why nothing is computed",
        );
        pub const INSTEAD: Column = Column::new(
            "instead",
            "Or from",
            "others who could give the same",
        );
        pub const INSTEAD_COUNT: Column = Column::new(
            "instead_count",
            "Others",
            "how many others could give the same",
        );
        pub const IS_ARTICULATION: Column = Column::new(
            "is_articulation",
            "Holds\ntogether",
            "whether others lose their connection without it",
        );
        pub const KEPT_AT: Column = Column::new(
            "kept_at",
            "Kept at",
            "the partner that takes the field over from the others",
        );
        pub const LOSING_BY: Column = Column::new(
            "losing_by",
            "By",
            "the standard or care pathway that hits the losing place hardest",
        );
        pub const LOSING_MINUTES: Column = Column::new(
            "losing_minutes",
            "by\nmin",
            "mean minutes by which the time rises of those of the losing place whose time rises",
        );
        pub const LOSING_PEOPLE: Column = Column::new(
            "losing_people",
            "People",
            "residents of the losing place whose time rises, or who lose their way",
        );
        pub const LOSING_PLACE: Column = Column::new(
            "losing_place",
            "Loses",
            "name of a place that loses",
        );
        pub const MEMBERS: Column = Column::new("members", "Members", "members");
        pub const MOST_MINUTES: Column = Column::new(
            "most_minutes",
            "Most\nmin",
            "the most minutes that anybody loses",
        );
        pub const PAIRS: Column = Column::new(
            "pairs",
            "Pairs",
            "pairs of hospitals that could agree on it and do not yet",
        );
        pub const PEOPLE_LATER: Column = Column::new(
            "people_later",
            "People\nlater",
            "residents whose time rises, or rises by more than the limit; shares of hours add up",
        );
        pub const PEOPLE_LOSING_WAY: Column = Column::new(
            "people_losing_way",
            "No way\nany more",
            "residents who lose their way to a stage; shares of hours add up",
        );
        pub const PEOPLE_SOONER: Column = Column::new(
            "people_sooner",
            "People\nsooner",
            "residents whose time falls; shares of hours add up",
        );
        pub const PEOPLE_WITH_WAY: Column = Column::new(
            "people_with_way",
            "New way",
            "residents who gain a way that they do not have; shares of hours add up",
        );
        pub const SAVING_PAIRS: Column = Column::new(
            "saving_pairs",
            "Of them\nsaving",
            "pairs of hospitals that save time over all cases under the leading protocol",
        );
        pub const PARTNERS: Column =
            Column::new("partners", "Partners", "keys of the partners of a cooperation");
        pub const FIELD_COUNT: Column =
            Column::new("fields", "Fields", "fields that an agreement names");
        pub const FIELDS_WITH_PATIENTS: Column = Column::new(
            "fields_with_patients",
            "With\npatients",
            "of the fields of an agreement those that are specialties, whose patients are modelled",
        );
        pub const SINCE: Column = Column::new("since", "Since", "first day").minor();
        pub const STATE: Column = Column::new(
            "state",
            "If",
            "state of the network that is compared with what is there",
        );
        pub const TERMS: Column = Column::new(
            "terms",
            "Terms",
            "terms of the cooperation, and whether they are assumed",
        );
        pub const UNTIL: Column = Column::new(
            "until",
            "Until",
            "the stage until whose end times are counted",
        );
        pub const WHY_UNUSED: Column = Column::new(
            "why_unused",
            "Why not",
            "why nobody is treated over it, by first door",
        );
    }
    derived {
    }
    by_protocol {
        pub const CASES_OVER_UNDER: ByProtocol = ByProtocol::new(
            "cases_over",
            "Cases",
            "cases a year of residents that go over it",
        );
        pub const HOURS_LOST_UNDER: ByProtocol = ByProtocol::new(
            "hours_lost",
            "Lost",
            "hours a year that the cases lose together, less what others gain",
        );
        pub const HOURS_SAVED_ALONE_UNDER: ByProtocol = ByProtocol::new(
            "hours_saved_alone",
            "Alone",
            "hours a year that it would save as the only one, less what it would cost others",
        );
        pub const HOURS_SAVED_UNDER: ByProtocol = ByProtocol::new(
            "hours_saved",
            "Saved",
            "hours a year that it saves over all cases, given all others, less what it costs others",
        );
        pub const HOURS_SHAPLEY_UNDER: ByProtocol = ByProtocol::new(
            "hours_shapley",
            "Share",
            "its share of the hours that all cooperations save together (Shapley value)",
        );
        // Not by the rule of half widths: orders are drawn here, not replications, and 0 says that none had to be.
        pub const HOURS_SHAPLEY_HALF_WIDTH_UNDER: ByProtocol = ByProtocol::new(
            "hours_shapley_half_width",
            "±",
            "half of the width of the 95 % interval of its share; 0 when it is exact",
        );
        pub const MINUTES_PER_CASE_UNDER: ByProtocol = ByProtocol::new(
            "minutes_per_case",
            "Min a case",
            "mean minutes of the cases that are done sooner with it",
        );
        pub const MOST_MINUTES_UNDER: ByProtocol = ByProtocol::new(
            "most_minutes",
            "Most min",
            "the most minutes that anybody loses without it",
        );
        pub const PEOPLE_LATER_UNDER: ByProtocol = ByProtocol::new(
            "people_later",
            "Later",
            "residents who are done later with it; shares of hours add up",
        );
        pub const PEOPLE_LOSING_WAY_UNDER: ByProtocol = ByProtocol::new(
            "people_losing_way",
            "No way",
            "residents who lose their way to the stage without it; shares of hours add up",
        );
        pub const PEOPLE_SOONER_UNDER: ByProtocol = ByProtocol::new(
            "people_sooner",
            "Sooner",
            "residents who are done sooner with it; shares of hours add up",
        );
        pub const PEOPLE_WITH_WAY_UNDER: ByProtocol = ByProtocol::new(
            "people_with_way",
            "New way",
            "residents who have a way with it only; shares of hours add up",
        );
        pub const RANK_UNDER: ByProtocol = ByProtocol::new(
            "rank",
            "#",
            "rank by the hours saved, from 1",
        );
        pub const REPLACES_UNDER: ByProtocol = ByProtocol::new(
            "replaces",
            "Without it",
            "the hospitals, stage by stage, to which most of its patients would go without it",
        );
    }
}
