//! Answers side by side: before and after, or a scenario a column.

use super::Column;

columns! {
    given {
        pub const AFTER: Column = Column::new(
            "after",
            "After",
            "value after a change; nothing where it is not there or not known",
        );
        pub const BEFORE: Column = Column::new(
            "before",
            "Before",
            "value before a change; nothing where it is not there or not known",
        );
        pub const COMPARED: Column = Column::new(
            "compared",
            "Figure",
            "key of the figure whose values stand in the row; `listed` for whether the row is there",
        );
        pub const PART: Column = Column::new(
            "part",
            "Part",
            "what the figure is of: standards, districts, ages, pathways, cases, beds, law or agreements",
        );
        pub const UNDER_BASE: Column = Column::new(
            "under_base",
            "Base",
            "value with nothing changed",
        );
        pub const UNDER_SCENARIO_1: Column = Column::new(
            "under_scenario_1",
            "1",
            "value under the first scenario",
        );
        pub const UNDER_SCENARIO_2: Column = Column::new(
            "under_scenario_2",
            "2",
            "value under the second scenario",
        );
        pub const UNDER_SCENARIO_3: Column = Column::new(
            "under_scenario_3",
            "3",
            "value under the third scenario",
        );
        pub const UNDER_SCENARIO_4: Column = Column::new(
            "under_scenario_4",
            "4",
            "value under the fourth scenario",
        );
        pub const UNDER_SCENARIO_5: Column = Column::new(
            "under_scenario_5",
            "5",
            "value under the fifth scenario",
        );
        pub const WHOSE: Column = Column::new(
            "whose",
            "Whose",
            "the people, patients, hospitals or departments whose figure it is",
        );
    }
    derived {
    }
    by_protocol {
    }
}
