import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {ApprovalCounter} from "@distribution_approval/systray/approval_counter";
import {
    animationFrame,
    expect,
    manuallyDispatchProgrammaticEvent,
    runAllTimers,
    test,
} from "@odoo/hoot";
import {rpc} from "@web/core/network/rpc";
import {
    contains,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

defineMailModels();

/** The server answers `count()`; each question is a step. */
function countIs(count) {
    onRpc("distribution.approval.request", "get_my_count", () => {
        expect.step("count");
        return count();
    });
}

test("the number of what waits is beside the hammer", async () => {
    countIs(() => 3);
    await mountWithCleanup(ApprovalCounter);
    await animationFrame();
    expect(".o_approval_count").toHaveText("3");
    expect(".o_approval_counter").toHaveAttribute("title", "My approvals: 3 waiting");
    expect.verifySteps(["count"]);
});

test("without anything that waits there is no number", async () => {
    countIs(() => 0);
    await mountWithCleanup(ApprovalCounter);
    await animationFrame();
    expect(".o_approval_counter").toHaveCount(1);
    expect(".o_approval_count").toHaveCount(0);
    expect(".o_approval_counter").toHaveAttribute("title", "My approvals");
    expect.verifySteps(["count"]);
});

test("a server that does not answer disturbs nobody", async () => {
    countIs(() => {
        throw new Error("No such model");
    });
    await mountWithCleanup(ApprovalCounter);
    await animationFrame();
    expect(".o_approval_counter").toHaveCount(1);
    expect(".o_approval_count").toHaveCount(0);
    expect.verifySteps(["count"]);
});

test("many changes of the queue at once are counted once", async () => {
    let count = 1;
    const heard = [];
    countIs(() => count);
    mockService("bus_service", {
        subscribe(type, callback) {
            if (type === "distribution.approval/count") {
                heard.push(callback);
            }
        },
    });
    await mountWithCleanup(ApprovalCounter);
    await animationFrame();
    expect(".o_approval_count").toHaveText("1");
    count = 4;
    heard[0]({});
    heard[0]({});
    heard[0]({});
    await runAllTimers();
    await animationFrame();
    expect(".o_approval_count").toHaveText("4");
    expect.verifySteps(["count", "count"]);
});

test("the number is counted anew when the window comes to the front", async () => {
    let count = 2;
    countIs(() => count);
    await mountWithCleanup(ApprovalCounter);
    await animationFrame();
    count = 1;
    manuallyDispatchProgrammaticEvent(window, "focus");
    await runAllTimers();
    await animationFrame();
    expect(".o_approval_count").toHaveText("1");
    expect.verifySteps(["count", "count"]);
});

test("a click opens what waits for me", async () => {
    countIs(() => 1);
    mockService("action", {
        doAction(action) {
            expect.step(action);
        },
    });
    await mountWithCleanup(ApprovalCounter);
    await contains(".o_approval_counter").click();
    expect.verifySteps([
        "count",
        "distribution_approval.distribution_approval_request_my_action",
    ]);
});

test("a button of a request counts anew, other buttons do not", async () => {
    let count = 2;
    countIs(() => count);
    onRpc("/web/dataset/call_button/*", () => false);
    await mountWithCleanup(ApprovalCounter);
    await animationFrame();
    count = 1;
    await rpc("/web/dataset/call_button/press", {
        model: "res.partner",
        method: "action_archive",
    });
    await runAllTimers();
    expect.verifySteps(["count"]);
    await rpc("/web/dataset/call_button/press", {
        model: "distribution.approval.request",
        method: "action_approve_now",
    });
    await runAllTimers();
    await animationFrame();
    expect(".o_approval_count").toHaveText("1");
    expect.verifySteps(["count"]);
});
