//! Patients over time, queueing models, beds for a target, and how robust they are.

use super::Column;

columns! {
    given {
        pub const ADMISSIONS: Column = Column::new(
            "admissions",
            "Admis-\nsions",
            "patients from outside who got a bed in the days that are counted",
        );
        pub const ADMITTED: Column = Column::new(
            "admitted",
            "Admitted",
            "of the customers who asked here, let in here: counted when service starts",
        );
        pub const ADMITTED_EARLIER: Column = Column::new(
            "admitted_earlier",
            "Admitted,\nearlier",
            "customers let in here who had asked before the time that is counted, or waited at the start",
        );
        pub const AFTER_VALUE: Column = Column::new(
            "after_value",
            "After",
            "value of the figure after a change",
        );
        pub const APPROXIMATE_WAIT_HOURS: Column = Column::new(
            "approximate_wait_hours",
            "Wait h,\nby variation",
            "mean wait in hours for the variation of the stays (Allen and Cunneen)",
        );
        pub const ARRIVALS_PER_DAY: Column = Column::new(
            "arrivals_per_day",
            "Patients\na day",
            "patients a day",
        );
        pub const ARRIVED: Column = Column::new(
            "arrived",
            "Arrived",
            "customers from outside who arrived",
        );
        pub const ASKED: Column = Column::new(
            "asked",
            "Asked",
            "customers from outside whose first choice it is",
        );
        pub const AT_FIRST: Column = Column::new(
            "at_first",
            "At\nonce",
            "customers let in at their first choice at once",
        );
        pub const BAND_HIGH: Column = Column::new(
            "band_high",
            "to",
            "value that 95 % of the points do not exceed at which what is assumed is moved",
        );
        pub const BAND_LOW: Column = Column::new(
            "band_low",
            "Assumed,\nfrom",
            "value that 5 % of the points do not exceed at which what is assumed is moved",
        );
        pub const BASE_VALUE: Column = Column::new(
            "base_value",
            "Base",
            "the figure without the scenario, in the figure's unit",
        );
        pub const BEDS_FROM: Column = Column::new(
            "beds_from",
            "Beds\nfrom",
            "where the number of beds comes from: `published`, `network` (marked as assumed there) or `settings` (unknown there)",
        );
        pub const BEFORE_VALUE: Column = Column::new(
            "before_value",
            "Before",
            "value of the figure before a change",
        );
        pub const BLOCKED: Column = Column::new(
            "blocked",
            "Blocked",
            "customers who had to keep a server here because another station was full",
        );
        pub const BESIDE_BASE: Column = Column::new(
            "beside_base",
            "Beside,\nbase",
            "patients laid in another ward of the house, without the scenario",
        );
        pub const BESIDE_MORE: Column = Column::new(
            "beside_more",
            "Beside,\nmore",
            "patients more than without the scenario who are laid in another ward of the house",
        );
        pub const BESIDE_SCENARIO: Column = Column::new(
            "beside_scenario",
            "Beside,\nscenario",
            "patients laid in another ward of the house, with the scenario",
        );
        pub const BLOCKED_BEDS: Column = Column::new(
            "blocked_beds",
            "Held",
            "beds held on average by patients who wait for another ward",
        );
        pub const BEST_PROBABILITY_SHARE: Column = Column::new(
            "best_probability_share",
            "Best,\nat least",
            "probability, at least, that the first ward is the best of those that were tried",
        );
        pub const BROUGHT_TO: Column = Column::new(
            "brought_to",
            "Brought to",
            "ward to which patients of an incident are brought, as hospital/specialty",
        );
        pub const BY_AIR_PATIENTS: Column = Column::new(
            "by_air_patients",
            "By air",
            "of the patients of an incident who are brought there, those who come by helicopter",
        );
        pub const MOVED_ON_MINUTES: Column = Column::new(
            "moved_on_minutes",
            "Journey\nmin",
            "minutes of the journey of a patient who is moved on to another hospital, by road",
        );
        pub const MOVED_ON_WITH: Column = Column::new(
            "moved_on_with",
            "Moved on\nwith",
            "with what a patient is moved on to another hospital: a vehicle for intensive care, or an ambulance",
        );
        pub const RED_OPERATED: Column = Column::new(
            "red_operated",
            "Red,\noperated",
            "red patients of an incident who are operated",
        );
        pub const RED_WAIT_MINUTES: Column = Column::new(
            "red_wait_minutes",
            "Red,\nlongest\nwait min",
            "longest wait of a red patient for the operating theatre, in minutes from the arrival",
        );
        pub const WITHOUT_THEATRE: Column = Column::new(
            "without_theatre",
            "Without\ntheatre",
            "patients of an incident who need an operation where no theatre is free for them",
        );
        pub const YELLOW_OPERATED: Column = Column::new(
            "yellow_operated",
            "Yellow,\noperated",
            "yellow patients of an incident who are operated",
        );
        pub const YELLOW_WAIT_MINUTES: Column = Column::new(
            "yellow_wait_minutes",
            "Yellow,\nlongest\nwait min",
            "longest wait of a yellow patient for the operating theatre, in minutes from the arrival",
        );
        pub const CENSUS_BASE: Column = Column::new(
            "census_base_beds",
            "Occupied,\nbase",
            "occupied beds without the scenario, mean of the replications",
        );
        pub const CENSUS_BEDS: Column = Column::new(
            "census_beds",
            "Occupied",
            "occupied beds, mean of the replications",
        );
        pub const CENSUS_DIFFERENCE: Column = Column::new(
            "census_difference_beds",
            "Beds\nmore",
            "occupied beds with the scenario less those without, mean of the replications",
        );
        pub const CENSUS_SCENARIO: Column = Column::new(
            "census_scenario_beds",
            "Occupied,\nscenario",
            "occupied beds with the scenario, mean of the replications",
        );
        pub const CHANGE: Column = Column::new("change", "Change", "difference after less before");
        pub const CHANGE_HALF_WIDTH: Column = Column::new(
            "change_half_width",
            "±",
            "half of the width of the 95 % interval of the difference",
        );
        pub const CHANGE_HIGH: Column = Column::new(
            "change_high",
            "Change,\nhigh",
            "difference to the middle with the factor at its high end",
        );
        pub const CHANGE_HIGH_HALF_WIDTH: Column = Column::new(
            "change_high_half_width",
            "±",
            "half of the width of its 95 % interval, paired by replication",
        );
        pub const CHANGE_LOW: Column = Column::new(
            "change_low",
            "Change,\nlow",
            "difference to the middle with the factor at its low end",
        );
        pub const CHANGE_LOW_HALF_WIDTH: Column = Column::new(
            "change_low_half_width",
            "±",
            "half of the width of its 95 % interval, paired by replication",
        );
        pub const CUSTOMER_CLASS: Column = Column::new(
            "class",
            "Class",
            "key of the class of customers",
        );
        pub const DATE: Column = Column::new("date", "Date", "day of the calendar");
        pub const DAY: Column = Column::new("day", "Day", "day, from 1");
        pub const DAY_PART: Column = Column::new("day_part", "When", "days of the week and hours");
        pub const DIFFERENCE: Column = Column::new(
            "difference",
            "Differ-\nence",
            "after less before, or scenario less base, in the figure's unit; of simulated figures the mean over the replications",
        );
        pub const DIVERTED: Column = Column::new(
            "diverted",
            "Diverted",
            "customers let in elsewhere than at their first choice",
        );
        pub const DIVERTED_AWAY: Column = Column::new(
            "diverted_away",
            "Diverted",
            "patients whose first choice was full and who were let in elsewhere",
        );
        pub const EFFECT: Column = Column::new(
            "effect",
            "Effect",
            "mean change of the figure when the factor moves through its whole span",
        );
        pub const EFFECT_DEVIATION: Column = Column::new(
            "effect_deviation",
            "Scatter",
            "standard deviation of these changes: how much they hang on the other factors",
        );
        pub const EFFECT_SIZE: Column = Column::new(
            "effect_size",
            "Size",
            "mean size of these changes, whatever their sign",
        );
        pub const ELSEWHERE_SHARE: Column = Column::new(
            "elsewhere_share",
            "Else-\nwhere",
            "share of the patients who were brought to another hospital than by the best way of their hour",
        );
        pub const EXPECTED_PATIENTS: Column = Column::new(
            "expected_patients",
            "Expected",
            "patients of a ward in the long run if every bed were free",
        );
        pub const FACTOR: Column = Column::new(
            "factor",
            "Factor",
            "key of what is made larger and smaller",
        );
        pub const FACTOR_HIGH: Column = Column::new(
            "factor_high",
            "×\nhigh",
            "the factor at its high end, as far as it is possible",
        );
        pub const FACTOR_LOW: Column = Column::new(
            "factor_low",
            "×\nlow",
            "the factor at its low end",
        );
        pub const FEWEST_BEDS: Column = Column::new(
            "fewest_beds",
            "Least",
            "fewest occupied beds: of the replications on a day, or of the hours of a part of the week",
        );
        pub const FIGURE: Column = Column::new(
            "figure",
            "Figure",
            "key of a figure of a simulation, in whose unit values are",
        );
        pub const FORCED: Column = Column::new(
            "forced",
            "Forced",
            "patients who were let in without a free bed",
        );
        pub const FORMULA_GAIN_PER_YEAR: Column = Column::new(
            "formula_gain_per_year",
            "by\nformula",
            "patients a year fewer who find no bed in this ward with the further beds, by Erlang's formula",
        );
        pub const FORMULA_RANK: Column = Column::new(
            "formula_rank",
            "Rank by\nformula",
            "rank of the ward by Erlang's formula alone, from 1",
        );
        pub const FORCED_BASE: Column = Column::new(
            "forced_base",
            "Forced,\nbase",
            "patients let in without a free bed, without the scenario",
        );
        pub const FOUND_IN: Column = Column::new(
            "found_in",
            "Bed in",
            "ward in which patients of an incident find a bed, as hospital/specialty",
        );
        pub const FREE_THEATRES: Column = Column::new(
            "free_theatres",
            "Theatres",
            "operating theatres that are free for the patients of an incident",
        );
        pub const FREE_BESIDE: Column = Column::new(
            "free_beside",
            "Free\nbeside",
            "patients sent on, let in without a free bed or let in nowhere while another ward of the house that could help had a free bed",
        );
        pub const FORCED_IN: Column = Column::new(
            "forced_in",
            "Forced",
            "customers let in although the station was full",
        );
        pub const FORCED_MORE: Column = Column::new(
            "forced_more",
            "Forced,\nmore",
            "patients more than without the scenario who are let in without a free bed",
        );
        pub const FORCED_SCENARIO: Column = Column::new(
            "forced_scenario",
            "Forced,\nscenario",
            "patients let in without a free bed, with the scenario",
        );
        pub const FOUND_FULL: Column = Column::new(
            "found_full",
            "Found\nfull",
            "customers who took the way and found all stations of it full",
        );
        // The same patients with every bed free: what is left between the two is what full wards cost.
        pub const FREE_MEDIAN_MINUTES: Column = Column::new(
            "free_median_minutes",
            "Free\nP50",
            "minutes to its end that half of the same patients would not exceed if every bed were free",
        );
        pub const FREE_P90_MINUTES: Column = Column::new(
            "free_p90_minutes",
            "Free\nP90",
            "the same for 90 % of them",
        );
        pub const FROM_CLOCK: Column = Column::new(
            "from_clock",
            "From",
            "time of day at which the hour begins",
        );
        pub const FROM_STATIONS: Column = Column::new(
            "from_stations",
            "From\nstations",
            "customers who came from another station",
        );
        pub const FULL_SHARE: Column = Column::new(
            "full_share",
            "Time\nfull",
            "share of the time in which no staffed bed is free; of several wards their mean by beds",
        );
        pub const GAIN_PER_YEAR: Column = Column::new(
            "gain_per_year",
            "Fewer\na year",
            "patients a year fewer who are counted, in all wards, with the further beds in this one",
        );
        pub const GAVE_UP: Column = Column::new(
            "gave_up",
            "Gave\nup",
            "elective patients who gave up waiting and do not come again",
        );
        pub const GREEN_PATIENTS: Column = Column::new(
            "green_patients",
            "Green",
            "less urgent patients of an incident (category III)",
        );
        pub const HALF_WIDTH: Column = Column::new(
            "half_width",
            "±",
            "half of the width of the 95 % interval over the replications, in the unit of the column before",
        );
        pub const HOUR_OF_WEEK: Column = Column::new(
            "hour_of_week",
            "Hour",
            "hour of the week, 0 Monday 0:00 to 167",
        );
        pub const LABEL: Column = Column::new("label", "Label", "what the model calls it");
        pub const LAST_OPERATION_MINUTES: Column = Column::new(
            "last_operation_minutes",
            "Last\nover\nmin",
            "minutes from the start of the incident until the last operation is over",
        );
        pub const LAST_ARRIVAL_MINUTES: Column = Column::new(
            "last_arrival_minutes",
            "Last\nthere\nmin",
            "minutes from the start of the incident to the last arrival",
        );
        pub const LAW: Column = Column::new(
            "law",
            "Fitted\nlaw",
            "law fitted to stays, with the least AIC",
        );
        pub const LAW_CHANCE: Column = Column::new(
            "law_chance",
            "Chance",
            "chance of a distance as large if the law were right",
        );
        pub const LAW_DISTANCE: Column = Column::new(
            "law_distance",
            "Distance",
            "largest distance between the distribution functions of law and stays, 0 to 1",
        );
        pub const LAW_NEXT: Column = Column::new(
            "law_next",
            "Next",
            "law with the next AIC, and how much more that is",
        );
        pub const LEAST_BEDS: Column = Column::new(
            "least_beds",
            "Beds by\nformula",
            "least beds that meet the target, by formula",
        );
        // Headings of intervals begin small: they go on from the column before them.
        pub const LEAST_BEDS_FROM: Column = Column::new(
            "least_beds_from",
            "from",
            "least beds that the intervals of the simulation do not rule out",
        );
        pub const LEAST_BEDS_SIMULATED: Column = Column::new(
            "least_beds_simulated",
            "by simu-\nlation",
            "least beds that meet the target, by simulation",
        );
        pub const LEAST_BEDS_TO: Column = Column::new(
            "least_beds_to",
            "to",
            "least beds whose whole interval meets the target",
        );
        pub const LEFT: Column = Column::new(
            "left",
            "Left",
            "customers who left the system from here after service",
        );
        pub const LOST: Column = Column::new("lost", "Lost", "customers let in nowhere");
        pub const LOST_SHARE: Column = Column::new(
            "lost_share",
            "Lost",
            "share of the customers who asked who were let in nowhere",
        );
        pub const MEAN_BLOCKED: Column = Column::new(
            "mean_blocked",
            "Mean\nblocked",
            "customers who keep a server because another station is full, mean over time",
        );
        pub const MEAN_BUSY: Column = Column::new(
            "mean_busy",
            "Mean\nbusy",
            "servers in service or kept by blocked customers, mean over time",
        );
        pub const MEAN_QUEUE: Column = Column::new(
            "mean_queue",
            "Mean\nqueue",
            "customers who wait, mean over time",
        );
        pub const MEAN_WAIT_HOURS: Column = Column::new(
            "mean_wait_hours",
            "Wait h,\nformula",
            "mean wait in hours of all patients, by formula",
        );
        pub const MESSAGE: Column = Column::new(
            "message",
            "Problem",
            "what is wrong and what was expected",
        );
        pub const MISSED: Column = Column::new(
            "missed",
            "Missed",
            "patients who found the roster busy and were brought elsewhere",
        );
        pub const MISSED_TEAM: Column = Column::new(
            "missed_team",
            "Missed",
            "customers who went elsewhere because nobody of the team was free",
        );
        pub const MORE_BEDS: Column = Column::new("more_beds", "More\nbeds", "further beds that it gets");
        pub const MOST_BEDS: Column = Column::new(
            "most_beds",
            "Most",
            "most occupied beds, as the fewest",
        );
        pub const OCCUPANCY_P95_SHARE: Column = Column::new(
            "occupancy_p95_share",
            "P95",
            "occupancy that is not exceeded on 95 % of the days (of a ward: in 95 % of the time)",
        );
        pub const OFFERED_BEDS: Column = Column::new(
            "offered_beds",
            "Load,\nbeds",
            "beds that would be taken on average if there were always one",
        );
        pub const PER_DAY: Column = Column::new("per_day", "A day", "the same a day");
        pub const POOLED_REFUSED_PER_100: Column = Column::new(
            "pooled_refused_per_100",
            "shared,\nsimulated",
            "patients of 100 who find no bed when beds are shared, by simulation",
        );
        pub const POOLED_WAITING_PER_100: Column = Column::new(
            "pooled_waiting_per_100",
            "shared,\nsimulated",
            "patients of 100 who wait for a bed when beds are shared, by simulation",
        );
        pub const QUEUED: Column = Column::new(
            "queued",
            "Queued",
            "customers put in a waiting room",
        );
        pub const QUEUED_MEDIAN_MINUTES: Column = Column::new(
            "queued_median_minutes",
            "P50",
            "minutes from the call to its end that half of the patients do not exceed, full wards included",
        );
        pub const QUEUED_P90_MINUTES: Column = Column::new(
            "queued_p90_minutes",
            "P90",
            "the same for 90 % of them",
        );
        pub const RANK_STABILITY: Column = Column::new(
            "rank_stability",
            "Stability",
            "mean rank correlation of the hospitals' order with that of the middle, -1 to 1",
        );
        pub const RANK_STABILITY_LEAST: Column = Column::new(
            "rank_stability_least",
            "Least",
            "least of these rank correlations",
        );
        pub const OUTLIERS: Column = Column::new(
            "outliers",
            "In other\nwards",
            "patients laid in another ward of their hospital because their own was full",
        );
        pub const RANK_FROM: Column = Column::new(
            "rank_from",
            "Place\nfrom",
            "the best place that it may have, from 1: behind all that are surely better",
        );
        pub const RANK_TO: Column = Column::new("rank_to", "to", "the worst place that it may have");
        pub const REBOOKED: Column = Column::new(
            "rebooked",
            "Re-\nbooked",
            "elective patients who gave up waiting and got another date; each date counts",
        );
        pub const RECEIVED: Column = Column::new(
            "received",
            "Received",
            "patients who came because their first choice was full",
        );
        pub const RECEIVED_HERE: Column = Column::new(
            "received_here",
            "Received",
            "customers let in whose first choice was another station",
        );
        pub const RECOVERED: Column = Column::new(
            "recovered",
            "Recovered",
            "from when on occupied beds differ by no more than chance from those without the scenario",
        );
        pub const RED_PATIENTS: Column = Column::new(
            "red_patients",
            "Red",
            "patients of an incident who need immediate treatment (category I)",
        );
        pub const REFUSALS_SHARE: Column = Column::new(
            "refusals_share",
            "Of all\nrefusals",
            "share of all patients inside who find the ward of their choice full, wherever they are let in then",
        );
        pub const REFUSED: Column = Column::new(
            "refused",
            "Refused",
            "patients who were let in nowhere, or sent away when a department closed",
        );
        pub const REFUSED_CASES: Column = Column::new(
            "refused_cases",
            "Refused\na year",
            "patients a year who find no bed, by formula",
        );
        pub const REFUSED_PER_100: Column = Column::new(
            "refused_per_100",
            "Refused\nof 100",
            "patients of 100 who find no bed, by formula",
        );
        pub const RENEGED: Column = Column::new(
            "reneged",
            "Gave up",
            "customers who gave up waiting",
        );
        pub const REPLICATIONS: Column = Column::new(
            "replications",
            "Repli-\ncations",
            "replications of the simulation that were finished",
        );
        pub const SCENARIO_VALUE: Column = Column::new(
            "scenario_value",
            "Scenario",
            "the figure with the scenario, in the figure's unit",
        );
        pub const SENT_AWAY: Column = Column::new(
            "sent_away",
            "Sent\naway",
            "customers who were sent away because the station closed",
        );
        pub const SENT_ON_BASE: Column = Column::new(
            "sent_on_base",
            "Sent on,\nbase",
            "patients whose first choice was full and who were let in elsewhere or nowhere, without the scenario",
        );
        pub const SENT_ON_MORE: Column = Column::new(
            "sent_on_more",
            "Sent on,\nmore",
            "patients more than without the scenario whose first choice was full and who were let in elsewhere or nowhere",
        );
        pub const SENT_ON_SCENARIO: Column = Column::new(
            "sent_on_scenario",
            "Sent on,\nscenario",
            "patients whose first choice was full and who were let in elsewhere or nowhere, with the scenario",
        );
        pub const SERVERS: Column = Column::new("servers", "Servers", "servers, mean over time");
        pub const SETTING: Column =
            Column::new("setting", "Setting", "key of a setting in `simulation.ron`");
        pub const SETTING_DEFAULT: Column = Column::new(
            "setting_default",
            "Default",
            "value of a setting where nobody chooses one",
        );
        pub const SETTING_FROM: Column = Column::new(
            "setting_from",
            "From",
            "who chose the value: `default`, the name of a file, or a flag",
        );
        pub const SETTING_RANGE: Column =
            Column::new("setting_range", "Possible", "what a setting may be");
        pub const SETTING_UNIT: Column =
            Column::new("setting_unit", "Unit", "unit of a setting; empty for words and lists");
        pub const SETTING_VALUE: Column =
            Column::new("setting_value", "Value", "value of a setting as `simulation.ron` writes it");
        pub const SHARE_AMONG_FIRST: Column = Column::new(
            "share_among_first",
            "Among\nfirst",
            "share of the points at which the hospital is among the first",
        );
        pub const SIMULATED_OCCUPANCY_SHARE: Column = Column::new(
            "simulated_occupancy_share",
            "simu-\nlated",
            "taken beds over beds, by simulation",
        );
        pub const SIMULATED_REFUSED_FROM_PER_100: Column = Column::new(
            "simulated_refused_from_per_100",
            "from",
            "lower end of the 95 % interval of the simulated patients of 100",
        );
        pub const SIMULATED_REFUSED_PER_100: Column = Column::new(
            "simulated_refused_per_100",
            "simu-\nlated",
            "patients of 100 who find no bed, by simulation",
        );
        pub const SIMULATED_REFUSED_TO_PER_100: Column = Column::new(
            "simulated_refused_to_per_100",
            "to",
            "upper end of the 95 % interval of the simulated patients of 100",
        );
        pub const SIMULATED_WAIT_HOURS: Column = Column::new(
            "simulated_wait_hours",
            "simu-\nlated",
            "mean wait in hours of all patients, by simulation",
        );
        pub const SIMULATED_WAITING_FROM_PER_100: Column = Column::new(
            "simulated_waiting_from_per_100",
            "from",
            "lower end of the 95 % interval of the simulated patients of 100",
        );
        pub const SIMULATED_WAITING_PER_100: Column = Column::new(
            "simulated_waiting_per_100",
            "simu-\nlated",
            "patients of 100 who wait for a bed, by simulation",
        );
        pub const SIMULATED_WAITING_TO_PER_100: Column = Column::new(
            "simulated_waiting_to_per_100",
            "to",
            "upper end of the 95 % interval of the simulated patients of 100",
        );
        pub const STARTED: Column = Column::new("started", "Started", "services that started");
        pub const STATION: Column = Column::new("station", "Station", "key of the station");
        pub const STAYS: Column = Column::new(
            "stays",
            "Stays",
            "stays that a law was fitted to",
        );
        pub const STAY_CV: Column = Column::new(
            "stay_cv",
            "Varia-\ntion",
            "standard deviation of stays over their mean",
        );
        pub const STAY_MEAN_DAYS: Column = Column::new(
            "stay_mean_days",
            "Mean\ndays",
            "mean days of a stay on a ward",
        );
        pub const STREAM: Column = Column::new(
            "stream",
            "Stream",
            "key of the stream of customers",
        );
        pub const TAKEN: Column = Column::new("taken", "Taken", "customers who took the way");
        pub const TEAM: Column = Column::new("team", "Team", "key of the team");
        pub const TEAM_WAIT_MINUTES: Column = Column::new(
            "team_wait_minutes",
            "Wait\nmin",
            "minutes that forced customers waited for the team, of all together",
        );
        pub const TO_STATION: Column = Column::new(
            "to_station",
            "To",
            "key of the station where it leads",
        );
        pub const TO_STATIONS: Column = Column::new(
            "to_stations",
            "To\nstations",
            "customers who went on to another station",
        );
        pub const TRANSFERRED_IN: Column = Column::new(
            "transferred_in",
            "From\nwards",
            "patients who came from another ward",
        );
        pub const UNIT: Column = Column::new(
            "unit",
            "Unit",
            "unit of a figure, such as `share`, `patients`, `people`, `cases`, `days`, `beds` or `minutes`",
        );
        pub const USED: Column = Column::new(
            "used",
            "Used",
            "customers who came this way, or entries of a team",
        );
        pub const USES: Column = Column::new(
            "uses",
            "Patients",
            "patients for whom it was used in the days that are counted",
        );
        pub const UTILIZATION_SHARE: Column = Column::new(
            "utilization_share",
            "In use",
            "servers in service or kept by blocked customers, as a share of the servers",
        );
        pub const VARIANCE_FACTOR: Column = Column::new(
            "variance_factor",
            "Variance\nfactor",
            "variance of the difference with other patients in each run, over that with the same patients",
        );
        pub const VALUE_HIGH: Column = Column::new(
            "value_high",
            "High",
            "value with the factor at its high end",
        );
        pub const VALUE_LOW: Column = Column::new(
            "value_low",
            "Low",
            "value with the factor at its low end",
        );
        pub const VALUE_MEDIAN: Column = Column::new(
            "value_median",
            "Median",
            "value that half of the points do not exceed",
        );
        pub const VALUE_MIDDLE: Column = Column::new(
            "value_middle",
            "Middle",
            "value with nothing changed",
        );
        pub const VALUE_P5: Column = Column::new(
            "value_p5",
            "P5",
            "value that 5 % of the points do not exceed",
        );
        pub const VALUE_P95: Column = Column::new(
            "value_p95",
            "P95",
            "value that 95 % of the points do not exceed",
        );
        pub const WAIT_MINUTES: Column = Column::new(
            "wait_minutes",
            "Wait\nmin",
            "mean wait in minutes of the services that started, those without a wait included",
        );
        // To two figures: waits are counted in classes, which keeps memory small however many customers come.
        pub const WAIT_P95_MINUTES: Column = Column::new(
            "wait_p95_minutes",
            "Wait\nP95 min",
            "minutes that 95 % of the services that started did not wait longer than, to two figures",
        );
        pub const WAITED_HOURS: Column = Column::new(
            "waited_hours",
            "Hours\nwaited",
            "hours that patients waited for it, all together",
        );
        pub const WAITED_SHARE: Column = Column::new(
            "waited_share",
            "Waited",
            "share of the services that started after a wait",
        );
        pub const WAITING_CASES: Column = Column::new(
            "waiting_cases",
            "Waiting\na year",
            "patients a year who wait for a bed, by formula",
        );
        pub const WAITING_DAYS: Column = Column::new(
            "waiting_days",
            "Days\nwaited",
            "mean days that those who waited for a bed waited",
        );
        pub const WAITING_PER_100: Column = Column::new(
            "waiting_per_100",
            "Waiting\nof 100",
            "patients of 100 who wait for a bed, by formula",
        );
        pub const WARD: Column = Column::new(
            "ward",
            "Ward",
            "key of the ward's specialty, or `intensive_care`; of bed questions its name, or all together",
        );
        pub const WITHOUT_FREE_SERVER_SHARE: Column = Column::new(
            "without_free_server_share",
            "Time\nfull",
            "share of the time in which no server was free",
        );
        pub const WORST: Column = Column::new(
            "worst",
            "Worst",
            "when occupied beds differ most from those without the scenario, by more than chance",
        );
        pub const YELLOW_PATIENTS: Column = Column::new(
            "yellow_patients",
            "Yellow",
            "urgent patients of an incident (category II)",
        );
    }
    derived {
        pub const ADMISSIONS_HALF_WIDTH: Column = ADMISSIONS.half_width();
        pub const BLOCKED_BEDS_HALF_WIDTH: Column = BLOCKED_BEDS.half_width();
        pub const DIVERTED_AWAY_HALF_WIDTH: Column = DIVERTED_AWAY.half_width();
        pub const FORCED_HALF_WIDTH: Column = FORCED.half_width();
        pub const FREE_BESIDE_HALF_WIDTH: Column = FREE_BESIDE.half_width();
        pub const CENSUS_DIFFERENCE_HALF_WIDTH: Column = CENSUS_DIFFERENCE.half_width();
        pub const GAVE_UP_HALF_WIDTH: Column = GAVE_UP.half_width();
        pub const REBOOKED_HALF_WIDTH: Column = REBOOKED.half_width();
        pub const OUTLIERS_HALF_WIDTH: Column = OUTLIERS.half_width();
        pub const GAIN_PER_YEAR_HALF_WIDTH: Column = GAIN_PER_YEAR.half_width();
        pub const FULL_SHARE_HALF_WIDTH: Column = FULL_SHARE.half_width();
        pub const LOST_SHARE_HALF_WIDTH: Column = LOST_SHARE.half_width();
        pub const MEAN_BUSY_HALF_WIDTH: Column = MEAN_BUSY.half_width();
        pub const MEAN_QUEUE_HALF_WIDTH: Column = MEAN_QUEUE.half_width();
        pub const OCCUPANCY_P95_SHARE_HALF_WIDTH: Column = OCCUPANCY_P95_SHARE.half_width();
        pub const QUEUED_MEDIAN_MINUTES_HALF_WIDTH: Column = QUEUED_MEDIAN_MINUTES.half_width();
        pub const QUEUED_P90_MINUTES_HALF_WIDTH: Column = QUEUED_P90_MINUTES.half_width();
        pub const RECEIVED_HALF_WIDTH: Column = RECEIVED.half_width();
        pub const REFUSED_HALF_WIDTH: Column = REFUSED.half_width();
        pub const TRANSFERRED_IN_HALF_WIDTH: Column = TRANSFERRED_IN.half_width();
        pub const USES_HALF_WIDTH: Column = USES.half_width();
        pub const UTILIZATION_SHARE_HALF_WIDTH: Column = UTILIZATION_SHARE.half_width();
        pub const WAIT_MINUTES_HALF_WIDTH: Column = WAIT_MINUTES.half_width();
        pub const WAIT_P95_MINUTES_HALF_WIDTH: Column = WAIT_P95_MINUTES.half_width();
        pub const WAITED_SHARE_HALF_WIDTH: Column = WAITED_SHARE.half_width();
        pub const WAITING_DAYS_HALF_WIDTH: Column = WAITING_DAYS.half_width();
    }
    by_protocol {
    }
}
