//! News from the server: one stream of events per page that wants them, each only saying that something changed.
//! The page then asks again with its own rights, so the stream carries nothing secret.

use crate::pages::PathId;
use domain::PlanId;
use leptos::prelude::*;

/// A number that grows whenever a plan has news. Without script it stays as it is, and the page is loaded anew by hand.
pub fn plan(plan: PathId<PlanId>) -> ReadSignal<u32> {
    let (news, count) = signal(0_u32);
    #[cfg(feature = "hydrate")]
    listen(move || format!("plan:{}", plan.get_untracked()), count);
    #[cfg(not(feature = "hydrate"))]
    let _ = (plan, count);
    news
}

#[cfg(feature = "hydrate")]
fn listen(topic: impl Fn() -> String + 'static, count: WriteSignal<u32>) {
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{EventSource, MessageEvent};

    crate::erased::effect(move || {
        // The browser reconnects by itself when the stream ends.
        let Ok(source) = EventSource::new("/events") else {
            return;
        };
        let topic = topic();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            let told = crate::wire::read_text::<News>(&text).is_ok_and(|news| news.topic == topic);
            if told {
                count.update(|count| *count += 1);
            }
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // What happened between the page's making and the stream's beginning, or while it was broken, is told by nobody.
        let on_open = Closure::<dyn FnMut()>::new(move || count.update(|count| *count += 1));
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        let kept = StoredValue::new_local((source, on_message, on_open));
        on_cleanup(move || kept.with_value(|(source, ..)| source.close()));
    });
}

#[cfg(feature = "hydrate")]
#[derive(serde::Deserialize)]
struct News {
    topic: String,
}
