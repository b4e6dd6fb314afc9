//! Shows how to load a network, look at a hospital, and ask for a day of the past.
//!
//! Run with `cargo run --example load_and_inspect`.

use verbund::files::Folder;
use verbund::model::{CooperationGraph, GraphFilter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Every fault of every file would come back at once.
    let model = Folder::open("networks/leipzig").read()?;
    let today = model.network.as_of(model.network.date());
    println!("{}: {} hospital sites", today.name(), today.hospitals().len());

    let torgau = &today[today.find("kkh-torgau").ok_or("no such hospital")?];
    println!("\n{}, {} beds", torgau.name, torgau.beds.unwrap_or(0));
    for department in &torgau.departments {
        let path = format!("departments.{}.beds", department.specialty);
        let mark = if torgau.is_assumed(&path) { " (assumed)" } else { "" };
        println!("  {:20} {:>4} beds{mark}", department.specialty, department.beds.unwrap_or(0));
    }

    let graph = CooperationGraph::new(&today, &GraphFilter::default());
    let id = today.find("kkh-torgau").ok_or("no such hospital")?;
    println!("\nIt works with:");
    for partner in graph.partners(id) {
        println!("  {}", today[partner.hospital].name);
    }

    for day in ["2025-05-01", "2025-06-01"] {
        let then = model.network.as_of(day.parse()?);
        let there = then.find("helios-schkeuditz").is_some();
        println!("\nSchkeuditz on {day}: {}", if there { "open" } else { "closed" });
    }
    Ok(())
}
