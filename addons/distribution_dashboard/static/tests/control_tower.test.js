import {ControlTower} from "@distribution_dashboard/control_tower/control_tower";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {animationFrame, expect, press, queryAllTexts, test} from "@odoo/hoot";
import {
    contains,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {getDefaultConfig} from "@web/views/view";

defineMailModels();

const ACTION = {id: 1, type: "ir.actions.client", context: {}};

function figure(values = {}) {
    return {
        code: "line_fill_rate",
        name: "Line fill rate",
        formula: "delivered / promised",
        value: 90,
        value_text: "90 %",
        target_text: "95 %",
        status: "bad",
        status_text: "Misses target",
        change: "worse",
        arrow: "down",
        change_text: "2 points worse than before",
        trend: [],
        failure: "",
        sentence: "Line fill rate: 90 %, target 95 %, Misses target",
        ...values,
    };
}

function row(id, values = {}) {
    return {
        id,
        name: `S0000${id}`,
        detail: "Nothing is on the way.",
        rule: "Order line will miss its promise",
        note: "",
        severity: "High",
        is_critical: false,
        branch: "North",
        amount: "$ 100",
        deadline: "2 hours left",
        deadline_at: "",
        is_late: false,
        why: "$ 100 at risk × 2 hours left counts 0.92",
        owner: "",
        is_mine: false,
        resolve_label: "Tell the customer",
        flags: [],
        customer_id: false,
        ...values,
    };
}

function board(values = {}) {
    const {rows = [], ...others} = values;
    return {
        board: {code: "branch", name: "Branch manager", question: "What first?"},
        boards: [
            {code: "branch", name: "Branch manager"},
            {code: "sales", name: "Sales"},
        ],
        can_configure: false,
        can_drill: true,
        readonly: false,
        filters: {
            region: 0,
            branch: 0,
            period: "last_30_days",
            date_from: "2026-10-23",
            date_to: "2026-11-21",
            snoozed: false,
        },
        regions: [],
        branches: [
            {id: 1, name: "North", regions: []},
            {id: 2, name: "West", regions: []},
        ],
        periods: [
            ["last_30_days", "Last 30 days"],
            ["this_month", "This month"],
        ],
        figures: [],
        exceptions: {
            rows,
            total: rows.length,
            money: "$ 100",
            snoozed: 0,
            looked: "The rules looked last at noon.",
            has_looked: true,
        },
        ...others,
    };
}

/** Mount the tower; `answer` is what the server says to each question, or a function. */
async function mountTower(answer, props = {}) {
    const asked = [];
    onRpc("distribution.board", "get_board", ({args}) => {
        asked.push(args);
        return typeof answer === "function" ? answer(...args) : answer;
    });
    const states = [];
    await mountWithCleanup(ControlTower, {
        env: await makeMockEnv({config: getDefaultConfig()}),
        props: {
            action: ACTION,
            actionId: 1,
            className: "",
            updateActionState: (state) => states.push(state),
            ...props,
        },
    });
    return {asked, states};
}

test("a figure is one sentence, with its status in words", async () => {
    await mountTower(board({figures: [figure()]}));
    expect(".o_tower_card").toHaveAttribute(
        "aria-label",
        "Line fill rate: 90 %, target 95 %, Misses target. Open the records behind it"
    );
    expect(".o_tower_card").toHaveText(/Misses target/);
    expect(".o_tower_change").toHaveText("2 points worse than before");
    expect(".o_tower_change .fa-arrow-down").toHaveCount(1);
    expect(".o_tower_figures").toHaveAttribute("aria-label", "Figures");
});

test("a board says of which days its figures are: until the last that was measured", async () => {
    const measured = [
        figure({
            trend: [
                ["2026-11-19", 1],
                ["2026-11-20", 2],
            ],
        }),
        figure({code: "late", trend: []}),
    ];
    await mountTower(board({figures: measured}));
    expect(".o_tower_days").toHaveText("Figures of 10/23/2026 to 11/20/2026");
});

test("days without any measuring are those that were asked for", async () => {
    await mountTower(board({figures: [figure()]}));
    expect(".o_tower_days").toHaveText("Figures of 10/23/2026 to 11/21/2026");
});

test("a figure that failed says why and opens nothing", async () => {
    const failed = figure({
        value: null,
        value_text: "—",
        failure: "The clock stands still.",
    });
    await mountTower(board({figures: [failed]}));
    onRpc("distribution.board", "open_figure", () => expect.step("opened"));
    expect(".o_tower_failure").toHaveText("The clock stands still.");
    expect(".o_tower_card").toHaveAttribute("aria-disabled", "true");
    await contains(".o_tower_card").click();
    expect.verifySteps([]);
});

test("a click on a figure opens what is behind it", async () => {
    mockService("action", {doAction: (action) => expect.step(action.name)});
    onRpc("distribution.board", "open_figure", ({args}) => {
        expect.step(args.slice(0, 2).join());
        return {type: "ir.actions.act_window", name: "Behind it"};
    });
    await mountTower(board({figures: [figure()]}));
    await contains(".o_tower_card").click();
    expect.verifySteps(["branch,line_fill_rate", "Behind it"]);
});

test("the line of a figure is drawn, and hidden from screen readers", async () => {
    const trend = [
        ["2026-05-01", 90],
        ["2026-05-02", 91],
    ];
    await mountTower(board({figures: [figure({trend})]}));
    expect(".o_tower_line canvas").toHaveCount(1);
    expect(".o_tower_line").toHaveAttribute("aria-hidden", "true");
});

test("nothing to do is said with its reason", async () => {
    await mountTower(board());
    expect(".o_tower_calm").toHaveText(/Nothing needs you now/);
    expect(".o_tower_calm").toHaveText(/No rule has found anything/);
    expect(".o_tower_calm").toHaveText(/The rules looked last at noon/);
});

test("before the rules have looked, nothing is said to be fine", async () => {
    const exceptions = {
        rows: [],
        total: 0,
        money: "",
        snoozed: 0,
        looked: "The rules have not looked yet.",
        has_looked: false,
    };
    await mountTower({...board(), exceptions});
    expect(".o_tower_calm").toHaveText("The rules have not looked yet.");
    expect(".o_tower_calm .fa-check-circle").toHaveCount(0);
});

test("nothing in a branch that was chosen is another reason", async () => {
    const filters = {region: 0, branch: 1, period: "this_month"};
    await mountTower(board({filters}));
    expect(".o_tower_calm").toHaveText(/take back the filter/);
});

test("who has no board is told whom to ask", async () => {
    await mountTower({...board(), board: false, boards: []});
    expect(".o_view_nocontent").toHaveText(/An administrator can add yours/);
});

test("filters are asked for and kept in the address", async () => {
    const answer = (code, filters) => {
        const {branch, period} = {branch: 0, period: "last_30_days", ...filters};
        return board({filters: {region: 0, branch, period}});
    };
    const {asked, states} = await mountTower(answer);
    await contains(".o_tower_branch").select("2");
    expect(asked.at(-1)[1].branch).toBe(2);
    await contains(".o_tower_period").select("this_month");
    expect(asked.at(-1)[1].period).toBe("this_month");
    expect(states.at(-1).board).toBe("branch");
    expect(states.at(-1).branch).toBe(2);
    expect(states.at(-1).period).toBe("this_month");
});

test("another board begins with its first exceptions", async () => {
    const {asked} = await mountTower(board({rows: [row(1)]}));
    await contains("[data-board=sales], .o_tower_board").click();
    expect(asked.at(-1)[0]).toBe("sales");
    expect(asked.at(-1)[1].limit).toBe(0);
});

test("one click does the usual thing, and the next exception takes the place", async () => {
    let rows = [row(1), row(2), row(3)];
    onRpc("distribution.exception", "action_resolve", ({args}) => {
        expect.step(`resolve ${args[0]}`);
        rows = [row(1), row(3)];
        return true;
    });
    await mountTower(() => board({rows}));
    await contains("[data-id='2'] .o_tower_resolve").click();
    await animationFrame();
    expect.verifySteps(["resolve 2"]);
    expect(queryAllTexts(".o_tower_open")).toEqual(["S00001", "S00003"]);
    expect("[role=status]").toHaveText("Done: S00002");
    expect("[data-id='3']").toHaveAttribute("tabindex", "0");
});

test("keys go through the exceptions and act on them", async () => {
    mockService("action", {doAction: (action) => expect.step(action.name)});
    onRpc("distribution.exception", "*", ({method, args}) => {
        expect.step(`${method} ${args[0]}`);
        return method === "action_open_record"
            ? {type: "ir.actions.act_window", name: "Record"}
            : true;
    });
    await mountTower(board({rows: [row(1), row(2), row(3)]}));
    await press("j");
    await animationFrame();
    expect("[data-id='1']").toBeFocused();
    await press("j");
    await animationFrame();
    expect("[data-id='2']").toBeFocused();
    await press("ArrowDown");
    await animationFrame();
    await press("k");
    await animationFrame();
    expect("[data-id='2']").toBeFocused();
    await press("r");
    await animationFrame();
    await press("t");
    await animationFrame();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([
        "action_resolve 2",
        "action_take 2",
        "action_open_record 2",
        "Record",
    ]);
});

test("a question mark shows the keys, and letters rest meanwhile", async () => {
    onRpc("distribution.exception", "*", ({method}) => expect.step(method));
    await mountTower(board({rows: [row(1)]}));
    await press("?");
    await animationFrame();
    expect(".o_tower_keys").toHaveText(/Do the usual thing/);
    await press("r");
    await animationFrame();
    expect.verifySteps([]);
});

test("who only reads has no buttons and no keys", async () => {
    onRpc("distribution.exception", "*", ({method}) => expect.step(method));
    await mountTower(board({rows: [row(1)], readonly: true}));
    expect(".o_tower_resolve, .o_tower_take, .o_tower_snooze").toHaveCount(0);
    await press("r");
    await press("t");
    await animationFrame();
    expect.verifySteps([]);
});

test("more exceptions follow, each once", async () => {
    const first = board({rows: [row(1), row(2)]});
    first.exceptions.total = 3;
    onRpc("distribution.board", "get_exceptions", ({args}) => {
        expect.step(`from ${args[2]}`);
        return {...first.exceptions, rows: [row(2), row(3)]};
    });
    await mountTower(first);
    await contains(".o_tower_more").click();
    expect.verifySteps(["from 2"]);
    expect(queryAllTexts(".o_tower_open")).toEqual(["S00001", "S00002", "S00003"]);
    expect(".o_tower_more").toHaveCount(0);
});

test("a reload keeps as many exceptions as were shown", async () => {
    const {asked} = await mountTower(board({rows: [row(1), row(2)]}));
    await contains(".o_tower_refresh").click();
    expect(asked.at(-1)[1].limit).toBe(2);
});
