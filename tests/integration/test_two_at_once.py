"""Two people act in the same moment, in two transactions of a real server."""

import threading

from clients import Json2Error


def at_once(*calls):
    """Run the calls in threads that start together; their results or errors, in order."""
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(number, call):
        barrier.wait()
        try:
            results[number] = call()
        except Json2Error as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_open_a_branch_with_one_code(server):
    clients = [
        server.json2(server.create_user("distribution_base.group_administrator"))
        for _number in range(2)
    ]
    (region,) = clients[0].call(
        "distribution.region", "create", vals_list=[{"name": "Race", "code": "RACE"}]
    )
    values = {"name": "Race", "code": "RACE", "region_id": region}
    results = at_once(
        *(
            lambda client=client: client.call(
                "distribution.branch", "create", vals_list=[values]
            )
            for client in clients
        )
    )
    losers = [result for result in results if isinstance(result, Json2Error)]
    assert len(losers) == 1, results
    assert losers[0].status == 422
    assert "RACE" in str(losers[0]) or "unique" in str(losers[0])
    for model in ("distribution.branch", "stock.warehouse"):
        domain = [("code", "=", "RACE")]
        assert clients[0].call(model, "search_count", domain=domain) == 1, model


def test_two_make_the_same_lane(server):
    clients = [
        server.json2(server.create_user("distribution_base.group_administrator"))
        for _number in range(2)
    ]
    (region,) = clients[0].call(
        "distribution.region", "create", vals_list=[{"name": "Lanes", "code": "LANES"}]
    )
    source, destination = clients[0].call(
        "distribution.branch",
        "create",
        vals_list=[
            {"name": "From", "code": "LFROM", "region_id": region},
            {"name": "To", "code": "LTO", "region_id": region},
        ],
    )
    values = {"source_branch_id": source, "destination_branch_id": destination}
    results = at_once(
        *(
            lambda client=client: client.call(
                "distribution.lane", "create", vals_list=[values]
            )
            for client in clients
        )
    )
    losers = [result for result in results if isinstance(result, Json2Error)]
    assert len(losers) == 1, results
    assert losers[0].status == 422
    lanes = [("source_branch_id", "=", source)]
    assert clients[0].call("distribution.lane", "search_count", domain=lanes) == 1
    routes = [("lane_id.source_branch_id", "=", source)]
    assert clients[0].call("stock.route", "search_count", domain=routes) == 1


def test_two_apply_one_opening(server):
    clients = [
        server.json2(server.create_user("distribution_base.group_administrator"))
        for _number in range(2)
    ]
    (region,) = clients[0].call(
        "distribution.region", "create", vals_list=[{"name": "Twice", "code": "TWICE"}]
    )
    model = "distribution.branch.opening"
    template = server.xml_id("distribution_template.template_central")
    (opening,) = clients[0].call(
        model,
        "create",
        vals_list=[
            {
                "template_id": template,
                "name": "Twice",
                "code": "TWICE",
                "region_id": region,
            }
        ],
    )
    clients[0].call(model, "action_preview", ids=[opening])
    results = at_once(
        *(
            lambda client=client: client.call(model, "action_apply", ids=[opening])
            for client in clients
        )
    )
    # The second is told to wait, or comes after the first and finds nothing to do.
    assert True in results, results
    for loser in results:
        assert loser is True or loser.status == 422, results
    for kind in ("distribution.branch", "stock.warehouse"):
        domain = [("code", "=", "TWICE")]
        assert clients[0].call(kind, "search_count", domain=domain) == 1, kind
    evidence = [("opening_ref", "=", opening)]
    applied = clients[0].call(
        "distribution.template.application", "search_count", domain=evidence
    )
    assert applied == 1
