//! `verbund check`

use verbund::report::{Cell, Document, Section, Table};

use super::{Common, input, output};

pub(super) fn run(common: &Common) -> anyhow::Result<bool> {
    output::check(common)?;
    let folder = input::folder(common)?;
    let mut table = Table::new(&["file", "line", "column", "entity", "field", "message"]);
    let (problems, summary) = match folder.read() {
        Ok(model) => {
            input::day(common, &model)?;
            let network = &model.network;
            let summary = format!(
                "No problem in {} hospital sites, {} cooperations, {} alliances and {} places.",
                network.hospitals().len(),
                network.cooperations().len(),
                network.alliances().len(),
                model.places.places.len()
            );
            (Vec::new(), summary)
        }
        Err(problems) => {
            let count = problems.list().len();
            let summary =
                if count == 1 { "1 problem.".to_owned() } else { format!("{count} problems.") };
            (problems.list().to_vec(), summary)
        }
    };
    if common.format == super::Format::Table && common.output.is_none() {
        for problem in &problems {
            println!("{problem}");
        }
        println!("{summary}");
        return Ok(problems.is_empty());
    }
    for problem in &problems {
        let mut message = problem.message.clone();
        if !problem.expected.is_empty() {
            message.push_str(&format!("; expected {}", problem.expected));
        }
        if let Some(closest) = &problem.closest {
            message.push_str(&format!("; did you mean \"{closest}\"?"));
        }
        table.row(vec![
            Cell::maybe_text(problem.file.as_deref()),
            Cell::maybe_count(problem.line),
            Cell::maybe_count(problem.column),
            Cell::text(&problem.entity),
            Cell::text(&problem.field),
            Cell::text(message),
        ]);
    }
    let section = Section::new("problems", "Problems", table).note(summary);
    let document = Document::new("Check").about("network", &common.network).section(section);
    output::print(common, &document)?;
    Ok(problems.is_empty())
}
