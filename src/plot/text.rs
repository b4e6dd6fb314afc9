//! The words of pictures, all in one place. Here they are English; their German stands in the room of words.

// Sentences are whole, never glued from parts: languages order their words differently.
texts! {
    /// Words of the last lines.
    SourceWords {
        line: "Source: verbund {version}, network {network} as of {day}; journeys: {travel}",
        after: "; after: {scenario}",
        all_hours: "what is open in some hour of the week",
    }
}

// Units stand without a number: there is no plural to choose.
texts! {
    /// Units of axes.
    UnitWords {
        people: "people",
        thousand_people: "thousand people",
        million_people: "million people",
        minutes: "minutes to the nearest hospital that meets it",
        closed: "hospitals closed",
        year: "year",
        zero_missing: "The upright axis does not begin at 0.",
    }
}

texts! {
    /// People by minutes.
    MinutesWords {
        title: "How many people need how many minutes: {standard}",
        title_of_several: "How many people need how many minutes",
        about: "Journey from home to the nearest hospital that meets the standard; counted: {hours}. A bar holds its upper end.",
        panel: "{standard}, for {group}",
        limit: "limit {minutes} min",
        within: "within {minutes} min: {people} people ({share})",
        beyond: "beyond: {people} people",
        unreached: "no hospital in reach at all: {people} people",
        none: "none",
        bar: "above {from} to {to} min: {people} people",
        bar_unreached: "no hospital in reach: {people} people",
        nobody: "{standard}: nobody lives there for whom it is ({group}).",
    }
}

texts! {
    /// Occupied beds over the days.
    OccupancyWords {
        title: "How full the beds get, day by day: {where}",
        inside: "all hospitals inside",
        about: "Occupied beds at the end of each day as a share of all {beds} beds, staffed or not; replications: {replications}.",
        about_periods: "Mean of {days} days each; days left over at the end are not drawn.",
        axis: "% of beds",
        axis_days: "{from} to {to}",
        mean: "{name}: mean of all replications",
        band: "{name}: from the fewest to the most on any day in any replication",
        full: "100 %: every bed is taken",
        left_out: "{count} more scenarios are in the table only.",
    }
}

texts! {
    /// Known stays and fitted laws.
    StaysWords {
        title: "Known stays, and the laws fitted to them",
        about: "Bars: stays as they were listed. Lines: how many stays a law has there. The law with the least AIC comes first and is taken, unless the chance of its distance is below 0.01.",
        all_hospitals: "all hospitals",
        elective: "elective",
        emergency: "emergencies",
        axis: "stays",
        axis_days: "days",
        bar: "{from} to {to} days: {count} stays",
        stays: "{count} stays; {beyond} of them longer than drawn",
        law: "{law}: AIC {aic} more than the best, distance {distance}, p = {chance} (Kolmogorov and Smirnov; fitted to the same stays)",
        left_out: "{count} more groups are in the table only.",
    }
}

texts! {
    /// What factors change.
    TornadoWords {
        title: "What moves the simulated figures most",
        about: "Each factor alone at its low and its high end, everything else as it is; all hospitals inside.",
        panel: "{figure}: {middle} with nothing changed",
        row: "{factor}: × {low} gives {change_low}, × {high} gives {change_high}",
        low: "factor at its low end",
        high: "factor at its high end",
        interval: "95 % interval of the paired difference",
        points: "percentage points",
    }
}

// By key, as the factors of the simulation may become more.
/// Factors by key, in words.
pub(super) const FACTORS: [(&str, &str); 4] = [
    ("rates", "cases"),
    ("stays", "length of stay"),
    ("speeds", "speed on roads"),
    ("staffing", "staffed beds"),
];

/// Figures by key, in words, and their units.
pub(super) const FIGURES: [(&str, &str, &str); 12] = [
    ("admissions", "Admissions", "patients"),
    ("occupancy_share", "Mean occupancy of all beds", "%"),
    ("occupancy_p95_share", "Occupancy not exceeded on 95 % of the days", "%"),
    ("full_share", "Share of time without a free staffed bed", "%"),
    ("waited", "Patients who waited for a bed", "patients"),
    ("waiting_days", "Mean wait of those who waited", "days"),
    ("diverted_away", "Patients whose first choice was full", "patients"),
    ("received", "Patients who came as another was full", "patients"),
    ("forced", "Patients let in without a free bed", "patients"),
    ("refused", "Patients let in nowhere", "patients"),
    ("transferred_in", "Patients from another ward", "patients"),
    ("blocked_beds", "Beds held by patients who wait for another ward", "beds"),
];

texts! {
    /// Closures against service.
    FrontierWords {
        title: "How many hospitals could close, and who stays in time: {standard}",
        about: "People ({group}) within {minutes} min of a hospital that meets the standard; counted: {hours}. Beds are not looked at.",
        axis: "people in time",
        now: "nothing closed: {people} of {all} people in time",
        free: "With {count} closed this way nobody falls out.",
        free_holds: "With {count} closed this way nobody falls out, over the band of the travel times, too.",
        free_not_decided: "With {count} closed this way nobody falls out by the times as stated; over their band that is not decided by the road model.",
        kept: "so many can stay in time: closed one by one, each time the one on which fewest people rest; once people fall out, another set may keep more",
        worst: "the worst closure of as many (exact)",
        step: "{count} closed, the last one {hospital}: {people} people in time",
        worst_point: "the worst {count} closed: {people} people in time",
    }
}

texts! {
    /// Members against chance.
    FunnelWords {
        title: "{indicator}: members against chance, {year}",
        about: "One mark a member. A place by itself is no verdict on quality: it says whom to ask.",
        size_share: "cases of the member",
        size_ratio: "expected events of the member",
        size_rate: "exposure of the member",
        centre: "all members together: {value}",
        centre_of_ratio: "as expected: {value}",
        limits: "{level} % limits by chance alone",
        widened: "{level} % limits with how much members differ anyway",
        within: "within the wider limits",
        outside: "outside the wider limits",
        member: "{number} {name}: {value}{signal}",
        low: ", low",
        high: ", high",
        inside: "",
        more: "and {count} more within the limits, named in the table",
    }
}

texts! {
    /// A member over the years.
    YearsWords {
        title: "{indicator} over the years: {member}",
        about: "XmR chart: limits are the mean less and plus 2.66 mean moving ranges.",
        about_short: "Fewer than 13 years: the next one may move the limits a lot.",
        about_gap: "Years are missing in between: their neighbours count as if they followed each other.",
        mean: "mean {value}",
        limits: "limits {lower} and {upper}",
        common: "common variation: no reason to act on this year",
        special: "special: {variation}",
        point: "{year}: {value}, {variation}",
    }
}

/// Kinds of variation of a year.
pub(super) const VARIATION: [&str; 5] =
    ["common variation", "improvement", "concern", "high", "low"];

// Short, as seven of them stand beside each other.
/// Months on axes.
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
