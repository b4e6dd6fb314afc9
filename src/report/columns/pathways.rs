//! Care pathways: stages, times, targets, ways.

use super::Column;

columns! {
    given {
        pub const ARRIVAL_MINUTES: Column = Column::new(
            "arrival_minutes",
            "Arrival\nmin",
            "minutes from the call to arrival for a stage",
        );
        pub const CLOCK: Column = Column::new("clock", "Clock", "day of the week and time of day");
        pub const DAYS: Column = Column::new("days", "Days", "days since the call");
        pub const DIFFERS: Column = Column::new(
            "differs",
            "What differs",
            "what differs between a published time and the model's",
        );
        // Each time stands twice: an emergency takes minutes, an elective pathway days, and a column has one unit.
        pub const DONE_MEAN_DAYS: Column = Column::new(
            "done_mean_days",
            "Done\nmean\ndays",
            "mean days from the call to the end of the stage",
        );
        pub const DONE_MEAN_MINUTES: Column = Column::new(
            "done_mean_minutes",
            "Done\nmean\nmin",
            "mean minutes from the call to the end of the stage",
        );
        pub const DONE_MEDIAN_DAYS: Column = Column::new(
            "done_median_days",
            "Done\nmedian\ndays",
            "days to its end that half of the people do not exceed",
        );
        pub const DONE_MEDIAN_MINUTES: Column = Column::new(
            "done_median_minutes",
            "Done\nmedian\nmin",
            "minutes to its end that half of the people do not exceed",
        );
        pub const DONE_MINUTES: Column = Column::new(
            "done_minutes",
            "Done\nmin",
            "minutes from the call to the end of a stage",
        );
        pub const DONE_P90_DAYS: Column = Column::new(
            "done_p90_days",
            "Done\nP90\ndays",
            "days to its end that 90 % of the people do not exceed",
        ).minor();
        pub const DONE_P90_MINUTES: Column = Column::new(
            "done_p90_minutes",
            "Done\nP90\nmin",
            "minutes to its end that 90 % of the people do not exceed",
        ).minor();
        pub const DOOR_LIMIT_MINUTES: Column = Column::new(
            "door_limit_minutes",
            "Door\nlimit",
            "time limit of arrival at the first hospital, inclusive",
        );
        pub const DOOR_OVER_BAND: Column = Column::new(
            "door_over_band",
            "Door over\nband",
            "whether it is the same for all travel times within their margin that everybody, somebody or nobody arrives at the first hospital in time",
        );
        pub const DOOR_SHARE_IF_QUICK: Column = Column::new(
            "door_share_if_quick",
            "Door if\nquick",
            "share of people who arrive at the first hospital in time if every journey were as quick as the margin of the travel times allows",
        );
        pub const DOOR_SHARE_IF_SLOW: Column = Column::new(
            "door_share_if_slow",
            "Door if\nslow",
            "share of people who arrive at the first hospital in time if every journey were as slow as the margin of the travel times allows",
        );
        pub const DOOR_SHARE_WITHIN_LIMIT: Column = Column::new(
            "door_share_within_limit",
            "Door in\ntime",
            "share of people who arrive at the first hospital in time",
        );
        pub const ENTITIES: Column = Column::new(
            "entities",
            "Of",
            "whose values they are: keys of hospitals, cooperations or pathways",
        );
        pub const EVENT: Column = Column::new("event", "Event", "what happens, in one word");
        pub const FROM: Column = Column::new(
            "from",
            "From",
            "key of the hospital that gives: expert, centre or sender",
        );
        pub const LIMIT: Column = Column::new("limit", "Limit", "time limit in words, inclusive");
        pub const MEAN_AFTER_DAYS: Column = Column::new(
            "mean_after_days",
            "Mean d\nafter",
            "mean time after a change, in days",
        );
        pub const MEAN_BEFORE_DAYS: Column = Column::new(
            "mean_before_days",
            "Mean d\nbefore",
            "mean time before a change, in days",
        );
        pub const MEDIAN_AFTER_DAYS: Column = Column::new(
            "median_after_days",
            "Median d\nafter",
            "time that half of the people do not exceed after a change, in days",
        );
        pub const MEDIAN_AFTER_MINUTES: Column = Column::new(
            "median_after_minutes",
            "Median\nafter",
            "time that half of the people do not exceed after a change",
        );
        pub const MEDIAN_BEFORE_DAYS: Column = Column::new(
            "median_before_days",
            "Median d\nbefore",
            "time that half of the people did not exceed before a change, in days",
        );
        pub const MEDIAN_BEFORE_MINUTES: Column = Column::new(
            "median_before_minutes",
            "Median\nbefore",
            "time that half of the people did not exceed before a change",
        );
        pub const MODEL_MEDIAN_MINUTES: Column = Column::new(
            "model_median_minutes",
            "Model\nmedian",
            "the time that half of these patients do not exceed in the model",
        );
        pub const MODEL_Q1_MINUTES: Column = Column::new(
            "model_q1_minutes",
            "Model\nq1",
            "the time that a quarter of these patients do not exceed in the model",
        );
        pub const MODEL_Q3_MINUTES: Column = Column::new(
            "model_q3_minutes",
            "Model\nq3",
            "the time that three quarters of these patients do not exceed in the model",
        );
        pub const MODEL_WITHIN: Column = Column::new(
            "model_within",
            "Model\nin limit",
            "shares of these patients within limits in minutes, in the model",
        );
        pub const P90_AFTER_DAYS: Column = Column::new(
            "p90_after_days",
            "P90 d\nafter",
            "time that 90 % of the people do not exceed after a change, in days",
        );
        pub const P90_BEFORE_DAYS: Column = Column::new(
            "p90_before_days",
            "P90 d\nbefore",
            "time that 90 % of the people did not exceed before a change, in days",
        );
        pub const PARTNER: Column = Column::new(
            "partner",
            "Partner",
            "hospital that it works with",
        );
        pub const PATHWAY: Column = Column::new("pathway", "Pathway", "key of a care pathway");
        pub const PATIENT_GROUP: Column = Column::new(
            "patient_group",
            "Patients",
            "which patients: all, direct or transferred before the later event",
        );
        pub const PATIENTS: Column = Column::new(
            "patients",
            "Patients",
            "patients in the days that are counted, mean of the replications",
        );
        pub const PATIENTS_SHARE: Column = Column::new(
            "patients_share",
            "Share of\npeople",
            "share of the people with a way who are such patients in the model",
        );
        pub const FIRST_DOOR: Column = Column::new(
            "first_door",
            "First\ndoor",
            "by which first door: nearest, free, bypass, centre, or any where all are alike",
        );
        pub const PROTOCOL: Column = Column::new(
            "protocol",
            "First door",
            "which first door the rescue service goes to",
        );
        pub const PUBLISHED_MEDIAN_MINUTES: Column = Column::new(
            "published_median_minutes",
            "Publ.\nmedian",
            "published time that half of the patients do not exceed",
        );
        pub const PUBLISHED_Q1_MINUTES: Column = Column::new(
            "published_q1_minutes",
            "Publ.\nq1",
            "published time that a quarter of the patients do not exceed",
        );
        pub const PUBLISHED_Q3_MINUTES: Column = Column::new(
            "published_q3_minutes",
            "Publ.\nq3",
            "published time that three quarters of the patients do not exceed",
        );
        pub const PUBLISHED_WITHIN: Column = Column::new(
            "published_within",
            "Publ.\nin limit",
            "published shares of patients within limits in minutes",
        );
        pub const REMARK: Column = Column::new(
            "remark",
            "Remark",
            "where neither place nor journey decides whether a limit is kept, and why",
        );
        pub const ROUTE: Column = Column::new("route", "Route", "number of the route, from 1");
        pub const SHARE: Column = Column::new(
            "share",
            "Share",
            "share of the patients from inside",
        );
        pub const SHARE_CENTRAL_SERVICE: Column = Column::new(
            "share_central_service",
            "Central\nservice",
            "share with the result of a centre in some stage",
        );
        pub const SHARE_DIRECT: Column = Column::new(
            "share_direct",
            "Direct",
            "share with all stages at the first hospital, without a partner",
        );
        pub const SHARE_HELICOPTER: Column = Column::new(
            "share_helicopter",
            "Heli-\ncopter",
            "share who come by helicopter",
        );
        pub const SHARE_TELEMEDICINE: Column = Column::new(
            "share_telemedicine",
            "Tele-\nmedicine",
            "share with an expert's help from afar in some stage",
        );
        pub const SHARE_TRANSFER: Column = Column::new(
            "share_transfer",
            "Handed\non",
            "share who are handed on to another hospital",
        );
        pub const SHARE_TRANSFER_WITHOUT_AGREEMENT: Column = Column::new(
            "share_transfer_without_agreement",
            "Not\nagreed",
            "share who are handed on where no agreement holds",
        );
        pub const SHARE_VISITING_TEAM: Column = Column::new(
            "share_visiting_team",
            "Team\ncomes",
            "share with a team that comes in some stage",
        );
        pub const SHARE_WAITED: Column = Column::new(
            "share_waited",
            "Waited",
            "share who wait for opening hours",
        );
        // A share beside the times: a mean over those who get there says nothing of those who do not.
        pub const SHARE_WITHOUT_WAY: Column = Column::new(
            "share_without_way",
            "No way",
            "share who do not get to the stage, or to the last one",
        );
        pub const SHORTEST_POSSIBLE_MINUTES: Column = Column::new(
            "shortest_possible_minutes",
            "Shortest\npossible",
            "the shortest possible time of a limit: no journey, the best way that anybody has",
        );
        pub const STAGE: Column = Column::new(
            "stage",
            "Stage",
            "key of a stage, or the door of the first hospital",
        );
        pub const START_MEAN_DAYS: Column = Column::new(
            "start_mean_days",
            "Start\nmean\ndays",
            "mean days from the call to the start of the stage",
        );
        pub const START_MEAN_MINUTES: Column = Column::new(
            "start_mean_minutes",
            "Start\nmean\nmin",
            "mean minutes from the call to the start of the stage",
        );
        pub const START_MEDIAN_DAYS: Column = Column::new(
            "start_median_days",
            "Start\nmedian\ndays",
            "days to its start that half of the people do not exceed",
        );
        pub const START_MEDIAN_MINUTES: Column = Column::new(
            "start_median_minutes",
            "Start\nmedian\nmin",
            "minutes to its start that half of the people do not exceed",
        );
        pub const START_MINUTES: Column = Column::new(
            "start_minutes",
            "Start\nmin",
            "minutes from the call to the start of a stage",
        );
        pub const START_P90_DAYS: Column = Column::new(
            "start_p90_days",
            "Start\nP90\ndays",
            "days to its start that 90 % of the people do not exceed",
        ).minor();
        pub const START_P90_MINUTES: Column = Column::new(
            "start_p90_minutes",
            "Start\nP90\nmin",
            "minutes to its start that 90 % of the people do not exceed",
        ).minor();
        pub const TARGET: Column = Column::new(
            "target",
            "Target",
            "the clock and the event that has to happen in time",
        );
        pub const TO: Column = Column::new(
            "to",
            "To",
            "key of the hospital that takes: site or receiver",
        );
        pub const TREATMENT_LIMIT: Column = Column::new(
            "treatment_limit",
            "Limit",
            "time limit of the last stage, inclusive; `treatment_target` says from which event to which one it counts",
        );
        pub const TREATMENT_LIMIT_MINUTES: Column = Column::new(
            "treatment_limit_minutes",
            "Treatment\nlimit min",
            "time limit of the last stage, inclusive",
        );
        pub const TREATMENT_OVER_BAND: Column = Column::new(
            "treatment_over_band",
            "Over\nband",
            "whether it is the same for all travel times within their margin that everybody, somebody or nobody is treated in time",
        );
        pub const TREATMENT_SHARE_IF_QUICK: Column = Column::new(
            "treatment_share_if_quick",
            "If\nquick",
            "share of people who are treated in time if every journey were as quick as the margin of the travel times allows",
        );
        pub const TREATMENT_SHARE_IF_SLOW: Column = Column::new(
            "treatment_share_if_slow",
            "If\nslow",
            "share of people who are treated in time if every journey were as slow as the margin of the travel times allows",
        );
        pub const TREATMENT_SHARE_WITHIN_LIMIT: Column = Column::new(
            "treatment_share_within_limit",
            "In\ntime",
            "share of people whose treatment starts or ends in time",
        );
        pub const TREATMENT_TARGET: Column = Column::new(
            "treatment_target",
            "Treatment\ntarget",
            "clock, event and time limit of the last stage in words, inclusive",
        );
        pub const WAITED: Column = Column::new("waited", "Waited", "patients who waited for a bed");
        pub const WAY: Column = Column::new(
            "way",
            "Way",
            "how a stage is done, or which way patients go",
        );
        pub const WHEN: Column = Column::new("when", "When", "hours in which patients call");
        pub const WITHOUT_WAY_PEOPLE: Column = Column::new(
            "without_way_people",
            "No way",
            "people who do not get to the stage, or to the last one",
        );
    }
    derived {
        pub const WAITED_HALF_WIDTH: Column = WAITED.half_width();
    }
    by_protocol {
    }
}
