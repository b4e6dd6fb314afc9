//! Hospitals, places, people and files: what a network consists of, and columns of several subjects.

use super::Column;

columns! {
    given {
        pub const AFTER_BEDS: Column = Column::new(
            "after_beds",
            "Beds\nafter",
            "beds after a change",
        );
        pub const AFTER_STATE: Column = Column::new(
            "after_state",
            "After",
            "how it stands after a change",
        );
        pub const AGS: Column = Column::new(
            "ags",
            "AGS",
            "official key of the municipality (AGS), of a part of a city that of the city",
        );
        pub const ASSUMED: Column = Column::new(
            "assumed",
            "Assumed",
            "values that nobody published",
        );
        pub const BACKUP_MINUTES: Column = Column::new(
            "backup_minutes",
            "Backup\nmin",
            "mean extra minutes when the nearest hospital fails",
        );
        pub const BASIS: Column = Column::new(
            "basis",
            "Basis",
            "what a value rests on: `sourced`, `derived` or `assumed`",
        );
        pub const BEDS: Column = Column::new("beds", "Beds", "inpatient beds");
        pub const BEFORE_BEDS: Column = Column::new(
            "before_beds",
            "Beds\nbefore",
            "beds before a change",
        );
        pub const BEFORE_STATE: Column = Column::new(
            "before_state",
            "Before",
            "how it stood before a change",
        );
        pub const CAPACITY_CASES: Column = Column::new(
            "capacity_cases",
            "Cases,\nlimited",
            "cases a year when full departments overflow",
        );
        pub const CAPACITY_OCCUPANCY_SHARE: Column = Column::new(
            "capacity_occupancy_share",
            "Occupancy,\nlimited",
            "occupancy when full departments overflow",
        );
        pub const CASES_OF: Column = Column::new(
            "cases_of",
            "Cases",
            "which expected cases take the pathway",
        );
        pub const CASES_PER_1000: Column = Column::new(
            "cases_per_1000",
            "Per 1,000",
            "cases a year per 1,000 people of the whole reference population",
        );
        pub const CHANGED_VERDICTS: Column = Column::new(
            "changed_verdicts",
            "Law",
            "verdicts of the law that a change changes",
        );
        pub const CHANGE_KIND: Column = Column::new(
            "change_kind",
            "Change",
            "kind of change, as files of scenarios write it",
        );
        pub const CHANGES: Column = Column::new(
            "changes",
            "Changes",
            "changes that a scenario consists of",
        );
        pub const CITY: Column = Column::new("city", "Town", "town");
        pub const COLUMN: Column = Column::new("column", "Column", "column of a problem, from 1");
        pub const COUNT: Column = Column::new("count", "Count", "how many");
        pub const COUNTS_ON: Column = Column::new("counts_on", "On", "day whose changes count");
        pub const DEPARTMENT: Column = Column::new(
            "department",
            "Department",
            "key of the department's specialty",
        );
        pub const DEPARTMENTS: Column = Column::new(
            "departments",
            "Departments",
            "number of departments",
        );
        pub const DERIVATION: Column = Column::new(
            "derivation",
            "Rule",
            "key of a rule by which values are derived",
        );
        pub const DERIVED: Column = Column::new(
            "derived",
            "Derived",
            "values that a stated rule gives from published ones",
        );
        pub const DERIVED_BY: Column = Column::new(
            "derived_by",
            "Derived by",
            "the rule that gives it, or its key",
        );
        pub const DERIVED_VALUES: Column = Column::new(
            "derived_values",
            "Values",
            "values of hospitals that a rule gives",
        );
        pub const DISTRICT: Column = Column::new("district", "District", "district (Kreis)");
        pub const DOES: Column = Column::new(
            "does",
            "What it does",
            "what a change does, in a sentence that goes on from its name",
        );
        pub const EMERGENCY_STAGE: Column = Column::new(
            "emergency_stage",
            "Stage",
            "stage of the G-BA rules, 0 to 3",
        );
        pub const ENTITY: Column = Column::new("entity", "In", "what a problem is in");
        pub const EXAMPLE: Column = Column::new("example", "Example", "the first of several");
        pub const EXTRA_MINUTES: Column = Column::new(
            "extra_minutes",
            "Extra\nmin",
            "mean extra minutes of the journey",
        );
        pub const FIELD: Column = Column::new(
            "field",
            "Field",
            "field of a record, or of a cooperation",
        );
        pub const FILE: Column = Column::new(
            "file",
            "File",
            "file of a problem, relative to the network's folder",
        );
        pub const FIRST_DAY: Column = Column::new(
            "first_day",
            "First\nday",
            "day on which the first change of a scenario begins",
        );
        pub const FIRST_STANDARD_MINUTES: Column = Column::new(
            "first_standard_minutes",
            "To first\nstandard",
            "mean minutes to the first standard of the catalog",
        );
        pub const HARDEST_PLACE: Column = Column::new(
            "hardest_place",
            "Extra time\nmost at",
            "the place whose mean time grows most by any standard",
        );
        pub const HOSPITAL: Column = Column::new("hospital", "Hospital", "key of a hospital");
        pub const HOSPITAL_NAME: Column = Column::new(
            "hospital_name",
            "Name",
            "name of a hospital",
        );
        pub const HOSPITALS: Column = Column::new("hospitals", "Hospitals", "number of hospitals");
        pub const IMPORT_CHANGE: Column = Column::new(
            "import_change",
            "Change",
            "what an import changed: `added`, `gone` or `other beds`",
        );
        pub const IMPORT_FILE: Column = Column::new(
            "import_file",
            "File",
            "official file that an import looked at, relative to the folder that has all of them",
        );
        pub const INHABITANTS: Column = Column::new(
            "inhabitants",
            "People",
            "people who live there",
        );
        pub const INSIDE_PEOPLE: Column = Column::new(
            "inside_people",
            "People",
            "residents of the region",
        );
        pub const IS_ASSUMED: Column = Column::new(
            "is_assumed",
            "Assumed",
            "whether nobody published it",
        ).minor();
        pub const IS_OUTSIDE: Column = Column::new(
            "is_outside",
            "Outside",
            "whether it lies outside of the region",
        );
        pub const KEY: Column = Column::new("key", "Key", "written key");
        pub const KIND: Column = Column::new("kind", "Kind", "kind").minor();
        pub const LAT: Column = Column::new("lat", "Lat", "latitude in degrees (WGS 84)");
        pub const LATER_STAGES: Column = Column::new(
            "later_stages",
            "Later\nstages",
            "stages of care pathways that are done later after a change, or by fewer people",
        );
        pub const LICENCE: Column = Column::new(
            "licence",
            "Licence",
            "licence of a source, where it states one",
        );
        pub const LIMIT_MINUTES: Column = Column::new(
            "limit_minutes",
            "Limit\nmin",
            "time limit of the standard, inclusive",
        );
        pub const LINE: Column = Column::new("line", "Line", "line of a problem, from 1");
        pub const LON: Column = Column::new("lon", "Lon", "longitude in degrees (WGS 84)");
        pub const LOST_PEOPLE: Column = Column::new(
            "lost_people",
            "No more\nin time",
            "people who were within the limit before a change and are not after",
        );
        pub const LOST_STANDARD: Column = Column::new(
            "lost_standard",
            "By",
            "the standard by which most people are lost",
        );
        pub const MEANING: Column = Column::new("meaning", "Meaning", "what a column means");
        pub const NAME: Column = Column::new("name", "Name", "name");
        pub const NAME_DE: Column = Column::new("name_de", "German", "German name");
        pub const NEWLY_BEYOND_PEOPLE: Column = Column::new(
            "newly_beyond_people",
            "Newly\nbeyond",
            "people who would be beyond the limit if the hospital closed",
        );
        pub const NEWLY_OVERFULL_DEPARTMENTS: Column = Column::new(
            "newly_overfull_departments",
            "Newly\nfull",
            "departments with more bed days than beds after a change and not before",
        );
        pub const NOTE: Column = Column::new("note", "Note", "remark").minor();
        pub const OPERATOR: Column = Column::new("operator", "Operator", "operator (Träger)").minor();
        pub const P95_MINUTES: Column = Column::new(
            "p95_minutes",
            "P95\nmin",
            "time that 95 % of the people do not exceed",
        ).minor();
        pub const PEOPLE: Column = Column::new(
            "people",
            "People",
            "people of the standard's group",
        );
        pub const PEOPLE_BEYOND: Column = Column::new(
            "people_beyond",
            "Beyond",
            "people beyond the limit, or without any hospital",
        );
        pub const PEOPLE_BEYOND_IF_QUICK: Column = Column::new(
            "people_beyond_if_quick",
            "Beyond,\nquick",
            "people beyond the limit if every journey were as quick as the margin of the travel times allows",
        );
        pub const PEOPLE_BEYOND_IF_SLOW: Column = Column::new(
            "people_beyond_if_slow",
            "Beyond,\nslow",
            "people beyond the limit if every journey were as slow as the margin of the travel times allows",
        );
        pub const PLACE: Column = Column::new("place", "Place", "key of a place");
        pub const PLACE_NAME: Column = Column::new("place_name", "Place", "name of a place");
        pub const PLACES: Column = Column::new("places", "Places", "number of places");
        pub const POPULATION: Column = Column::new("population", "For", "whom the standard is for");
        pub const RANK: Column = Column::new("rank", "#", "rank, from 1");
        pub const REMARK_KIND: Column = Column::new(
            "remark_kind",
            "Kind",
            "kind of a remark of an import: `contradiction`, `not_joined`, `joined`, `missing`, `assumed`, `derived`, `left_out`, `kept`",
        );
        pub const ROAD_CLASS: Column = Column::new(
            "road_class",
            "Road",
            "class of a road, as OpenStreetMap calls it (`highway`), or a ferry",
        );
        pub const ROAD_FACTOR: Column = Column::new(
            "road_factor",
            "×",
            "what the time of free roads is multiplied with",
        );
        pub const ROAD_GROUP: Column = Column::new(
            "road_group",
            "Roads",
            "roads that a factor is of",
        );
        pub const ROAD_KM: Column = Column::new(
            "road_km",
            "km",
            "kilometres of road, both directions counted once",
        );
        pub const ROAD_PROFILE: Column = Column::new(
            "road_profile",
            "Profile",
            "hours or weather in which people drive",
        );
        pub const SCENARIO: Column = Column::new(
            "scenario",
            "Scenario",
            "key of a scenario, or `base`",
        );
        pub const SHARE_AT_BEST: Column = Column::new(
            "share_at_best",
            "At best",
            "share of people within the limit if hospitals qualified of which the data do not say whether they do",
        );
        pub const SHARE_IF_QUICK: Column = Column::new(
            "share_if_quick",
            "If\nquick",
            "share of people within the limit if every journey were as quick as the margin of the travel times allows",
        );
        pub const SHARE_IF_SLOW: Column = Column::new(
            "share_if_slow",
            "If\nslow",
            "share of people within the limit if every journey were as slow as the margin of the travel times allows",
        );
        pub const SHARE_WITHIN_15: Column = Column::new(
            "share_within_15",
            "≤ 15\nmin",
            "share of people within 15 minutes",
        ).minor();
        pub const SHARE_WITHIN_30: Column = Column::new(
            "share_within_30",
            "≤ 30\nmin",
            "share of people within 30 minutes",
        ).minor();
        pub const SHARE_WITHIN_LIMIT: Column = Column::new(
            "share_within_limit",
            "In limit",
            "share of people within the limit",
        );
        pub const SITE_NUMBER: Column = Column::new(
            "site_number",
            "Site",
            "number of the site in the official directory, where a source says it",
        );
        pub const SOURCE: Column = Column::new("source", "Source", "key or title of a source").minor();
        pub const SOURCED: Column = Column::new("sourced", "Sourced", "values with a source");
        pub const SPECIALTY: Column = Column::new(
            "specialty",
            "Specialty",
            "key of a specialty or condition",
        );
        pub const STAGES: Column = Column::new("stages", "Stages", "keys of the stages, in order");
        pub const STANDARDS_MISSED: Column = Column::new(
            "standards_missed",
            "Misses",
            "standards that most of the place's people miss",
        );
        pub const STANDARDS_UNDECIDED: Column = Column::new(
            "standards_undecided",
            "Not decided",
            "standards of which the road model does not decide it: whether most of the place's people miss them, or whether they fall by a closure",
        );
        pub const SUBJECT: Column = Column::new(
            "subject",
            "What",
            "agreement, membership, branch or standard",
        );
        pub const SUBJECT_KEY: Column = Column::new("subject_key", "Which", "key of it");
        pub const TARGETS: Column = Column::new("targets", "Targets", "time limits of a pathway");
        pub const TOPIC: Column = Column::new(
            "topic",
            "About",
            "what of a hospital or file remarks are about",
        );
        pub const UNKNOWN: Column = Column::new("unknown", "Unknown", "values that are not there");
        pub const URGENCY: Column = Column::new(
            "urgency",
            "Urgency",
            "whether patients may wait for opening hours",
        );
        pub const URL: Column = Column::new("url", "Address", "address of a source");
        pub const VALUE: Column = Column::new("value", "Value", "value");
        pub const WHAT: Column = Column::new("what", "What", "what it is about");
        pub const WHERE: Column = Column::new("where", "Where", "inside or outside of the region");
        pub const WHY: Column = Column::new("why", "Why", "reason");
        pub const WRITTEN: Column = Column::new(
            "written",
            "As a file writes it",
            "an example as a file writes it",
        );
        pub const YEAR: Column = Column::new("year", "Year", "year");
    }
    derived {
        pub const PEOPLE_BEYOND_AFTER: Column = PEOPLE_BEYOND.after();
        pub const PEOPLE_BEYOND_BEFORE: Column = PEOPLE_BEYOND.before();
    }
    by_protocol {
    }
}
