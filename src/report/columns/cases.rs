//! Cases, bed days and occupancy.

use super::Column;

columns! {
    given {
        pub const AREA: Column = Column::new(
            "area",
            "Area",
            "area that a published figure is about",
        );
        pub const BED_DAYS: Column = Column::new("bed_days", "Bed days", "bed days a year");
        pub const CASES: Column = Column::new("cases", "Cases", "cases a year");
        pub const CASES_FROM_BEYOND: Column = Column::new(
            "cases_from_beyond",
            "From\nbeyond",
            "cases a year, beside the others, of people from beyond the places of the network (`from_beyond`)",
        );
        pub const CASES_INSIDE: Column = Column::new(
            "cases_inside",
            "From\ninside",
            "cases a year of residents of the region",
        );
        pub const COUNTED_AT: Column = Column::new(
            "counted_at",
            "Hospitals",
            "keys of the hospitals whose cases a source counts in one number",
        );
        // As a share, so that births and cases, and large and small hospitals, count alike.
        pub const ERROR_SHARE: Column = Column::new(
            "error_share",
            "Error",
            "mean absolute error as a share of what was observed",
        );
        pub const FITTED: Column = Column::new(
            "fitted",
            "Fitted here",
            "whether the parameters were fitted on this year, so that it is no test",
        );
        pub const FITTED_CASES: Column = Column::new(
            "fitted_cases",
            "Fitted",
            "cases predicted by the Huff model that fits all rows best",
        );
        pub const FITTED_PARAMETERS: Column = Column::new(
            "fitted_parameters",
            "Fitted\nhere",
            "parameters that were fitted to what is compared",
        );
        // Scaled, because no yearly number of births of the region was published: only how they are spread is compared.
        pub const HUFF: Column = Column::new(
            "huff",
            "Huff",
            "births predicted by the fitted Huff model, scaled to the observed sum",
        );
        pub const IN_USE: Column = Column::new(
            "in_use",
            "In use",
            "births predicted by the model in use, scaled to the observed sum",
        );
        pub const IN_USE_CASES: Column = Column::new(
            "in_use_cases",
            "In use",
            "cases predicted by the model in use",
        );
        pub const IN_USE_ERROR: Column = Column::new(
            "in_use_error",
            "Error",
            "in use over published, less one",
        );
        pub const IS_IN_USE: Column = Column::new(
            "is_in_use",
            "In use",
            "whether flows and all that rests on them are computed with this model",
        );
        pub const LEFT_OUT: Column = Column::new(
            "left_out",
            "Left\nout",
            "cases predicted by a fit to the other rows",
        );
        pub const LEFT_OUT_BIRTHS_ERROR_SHARE: Column = Column::new(
            "left_out_births_error_share",
            "of\nbirths",
            "the same, of births alone",
        );
        pub const LEFT_OUT_CASES_ERROR_SHARE: Column = Column::new(
            "left_out_cases_error_share",
            "of\ncases",
            "the same, of inpatient cases alone",
        );
        pub const LEFT_OUT_ERROR_SHARE: Column = Column::new(
            "left_out_error_share",
            "Left\nout",
            "mean absolute error at hospitals that the fit did not know, as a share of what was observed",
        );
        pub const LEFTOVER_CASES: Column = Column::new(
            "leftover_cases",
            "Left over",
            "cases a year that no hospital takes",
        );
        pub const MEAN_ERROR: Column = Column::new(
            "mean_error",
            "Mean\nerror",
            "mean absolute error in births per hospital",
        );
        pub const MODEL: Column = Column::new("model", "Model", "how patients choose a hospital");
        pub const MODEL_IF_QUICK: Column = Column::new(
            "model_if_quick",
            "Model,\nquick",
            "what the model gives if every journey were as quick as the margin of the travel times allows",
        );
        pub const MODEL_IF_SLOW: Column = Column::new(
            "model_if_slow",
            "Model,\nslow",
            "what the model gives if every journey were as slow as the margin of the travel times allows",
        );
        pub const MODEL_VALUE: Column = Column::new("model_value", "Model", "what the model gives");
        pub const NEAREST: Column = Column::new(
            "nearest",
            "Nearest",
            "births predicted when everybody goes to the nearest, scaled to the observed sum",
        );
        pub const NEAREST_CASES: Column = Column::new(
            "nearest_cases",
            "Nearest",
            "cases predicted when everybody goes to the nearest",
        );
        pub const OBSERVED: Column = Column::new(
            "observed",
            "Observed",
            "births as the source gives them",
        );
        pub const OCCUPANCY_AFTER_SHARE: Column = Column::new(
            "occupancy_after_share",
            "Occupancy\nafter",
            "occupancy after a change",
        );
        pub const OCCUPANCY_SHARE: Column = Column::new(
            "occupancy_share",
            "Occupancy",
            "bed days over the bed days that the beds offer",
        );
        pub const PUBLISHED_CASES: Column = Column::new(
            "published_cases",
            "Published",
            "inpatient cases of the year, as a source counts them",
        );
        pub const PUBLISHED_VALUE: Column = Column::new(
            "published_value",
            "Published",
            "figure that was published",
        );
        pub const RANK_CORRELATION: Column = Column::new(
            "rank_correlation",
            "Rank\ncorrelation",
            "Spearman's rank correlation, -1 to 1",
        );
        pub const SHARE_FROM_OUTSIDE: Column = Column::new(
            "share_from_outside",
            "Not from\nregion",
            "share of all cases, those from beyond the places included, that people from outside of the region are",
        );
        pub const STAY_DAYS: Column = Column::new("stay_days", "Days", "mean stay in days");
        pub const OVERLOAD: Column = Column::new(
            "overload",
            "Over-\nload",
            "new: more bed days than beds after a change and not before; fuller: both times, and at least 0.1 percentage points more after",
        );
    }
    derived {
        pub const CASES_AFTER: Column = CASES.after();
        pub const CASES_BEFORE: Column = CASES.before();
        pub const OCCUPANCY_SHARE_HALF_WIDTH: Column = OCCUPANCY_SHARE.half_width();
    }
    by_protocol {
    }
}
