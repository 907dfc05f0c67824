//! What every form says: required marks, limits, buttons, the summary of faults.

super::messages! {
    required: "(required)", "（必填）";
    optional: "(optional)", "（选填）";
    between(min: u32, max: u32): "{min} to {max} characters.", "{min} 到 {max} 个字符。";
    at_most(max: u32): "At most {max} characters.", "最多 {max} 个字符。";
    at_least(min: u32): "At least {min} characters.", "至少 {min} 个字符。";
    left(count: u32): "{count} left", "还可输入 {count} 个字符";
    over(count: u32): "{count} too many", "超出 {count} 个字符";
    needs_attention_one: "One field needs attention", "有 1 个字段需要修改";
    needs_attention(count: u32): "{count} fields need attention", "有 {count} 个字段需要修改";
    save: "Save", "保存";
    saving: "Saving…", "正在保存…";
    create: "Create", "创建";
    creating: "Creating…", "正在创建…";
    confirm: "Confirm", "确定";
    cancel: "Cancel", "取消";
    delete: "Delete", "删除";
    deleting: "Deleting…", "正在删除…";
    edit: "Edit", "编辑";
    choose: "Choose…", "请选择…";
    on: "On", "开启";
    off: "Off", "关闭";
    discard_question: "What you typed has not been saved. Discard it?", "填写的内容尚未保存，确定放弃吗？";
    discard: "Discard", "放弃";
    keep_editing: "Keep editing", "继续填写";
    type_to_confirm(name: &str): "Type “{name}” to confirm", "请输入“{name}”以确认";
    cannot_be_undone: "This cannot be undone.", "此操作无法撤销。";
    reveal: "Show", "查看";
    hide: "Hide", "隐藏";
    shown_for: "Shown for 30 seconds.", "显示 30 秒。";
}
