//! Faults of a region's queueing network in words of the region.

use crate::problem::{Problem, ProblemKind, Problems};

/// The faults of the queueing network of a region, told in its words: hospitals, wards and patients.
pub(super) fn in_words(problems: Problems) -> Problems {
    let mut told = Problems::default();
    for problem in problems.into_list() {
        told.push(translated(problem));
    }
    // One fault of a specialty comes once for every part of its stays.
    told.sorted()
}

fn translated(mut problem: Problem) -> Problem {
    let quoted = |text: &str| text.split('"').nth(1).unwrap_or_default().to_owned();
    let key = quoted(&problem.entity);
    if problem.entity.starts_with("station ") {
        // Keys of stations are those of the hospital and of the specialty.
        let (hospital, specialty) = key.split_once('/').unwrap_or((&key, ""));
        problem.entity = format!("hospital \"{hospital}\", ward \"{specialty}\"");
        problem.field = match problem.field.as_str() {
            "servers" => "beds".to_owned(),
            "service" => "stay".to_owned(),
            "set_up" => "turnaround of a bed".to_owned(),
            "absence.mean" | "absence.cv" | "absence.every" => "missing staff".to_owned(),
            _ => problem.field,
        };
    } else if problem.entity.starts_with("class ") {
        // Keys of classes are those of a specialty or pathway and of a part of the stay.
        let (subject, _) = key.split_once('/').unwrap_or((&key, ""));
        if problem.kind == ProblemKind::Duplicate {
            problem.message =
                "a specialty and a care pathway, or two of them, have this key".into();
            problem.expected = "a key of its own for each".into();
        }
        problem.entity = format!("patients of \"{subject}\"");
        problem.field = if problem.field == "service" { "stay".into() } else { problem.field };
    } else if problem.entity.starts_with("stream ") {
        // Keys of streams are those of a place, of a specialty or pathway, and how urgent they are.
        let mut parts = key.split('/');
        let (place, subject) = (parts.next().unwrap_or_default(), parts.next());
        problem.entity = match subject {
            Some(subject) => format!("patients of \"{subject}\" from place \"{place}\""),
            None => format!("patients of \"{place}\""),
        };
        problem.field = match problem.field.as_str() {
            "arrivals.rate" => "patients a day".to_owned(),
            "arrivals.week" => "arrivals by hour".to_owned(),
            "arrivals.year" => "arrivals by month".to_owned(),
            "arrivals.curve.factors" | "keeps.factors" => "factors of the surges".to_owned(),
            _ => problem.field,
        };
    } else if problem.entity == "model" && problem.field == "classes" {
        problem.entity = String::from("catalog");
        problem.field = String::from("specialties and care pathways");
        problem.message = String::from("too many of them for one simulation");
    } else if problem.entity == "model" && problem.field == "present" {
        problem.entity = String::from("settings");
        problem.field = String::from("starts_full");
        problem.message = problem.message.replace("customers", "patients");
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: ProblemKind, entity: &str, field: &str, message: &str) -> Problem {
        Problem {
            kind,
            file: None,
            line: None,
            column: None,
            entity: entity.into(),
            field: field.into(),
            message: message.into(),
            expected: String::new(),
            closest: None,
        }
    }

    #[test]
    fn faults_name_hospitals_wards_and_patients_once_each() {
        let mut problems = Problems::default();
        problems.push(told(
            ProblemKind::Range,
            "station \"north/surgery\"",
            "servers",
            "0 servers",
        ));
        for part in ["emergency", "elective", "icu"] {
            let entity = format!("class \"births/{part}\"");
            problems.push(told(ProblemKind::Duplicate, &entity, "key", "the same key twice"));
        }
        let entity = "stream \"adorf/surgery/emergency\"";
        problems.push(told(ProblemKind::Range, entity, "arrivals.rate", "inf"));
        let told = in_words(problems);
        let lines: Vec<String> = told.list().iter().map(ToString::to_string).collect();
        let text = lines.join("\n");
        assert!(!text.contains("station") && !text.contains("class") && !text.contains("stream"));
        assert_eq!(lines.len(), 3, "{text}");
        assert!(text.contains("hospital \"north\", ward \"surgery\", field beds: "), "{text}");
        assert!(
            text.contains("patients of \"surgery\" from place \"adorf\", field patients a day: ")
        );
        assert!(text.contains("patients of \"births\", field key: a specialty and a care pathway"));
    }
}
