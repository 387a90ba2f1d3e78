"""Larger tables for each calculator; every expected figure was worked out by hand from the rule."""

from __future__ import annotations

import pytest

from tests.support.assessment import one, pick, records, score

SAMM = """
    activity,answer,target,baseline
    G-SM-A-1,1,1,0.5
    G-SM-A-2,0.5,1,0.25
    G-SM-A-3,0.25,0.5,0
    G-SM-B-1,0.5,1,0.5
    G-SM-B-2,0.25,0.25,0
    G-SM-B-3,0,0.25,0
    G-PC-A-1,0,,
    G-PC-A-2,0,,
    G-PC-A-3,0,,
    G-PC-B-1,,,
    G-PC-B-2,,,
    G-PC-B-3,,,
    D-TA-1-A,1,,
    D-TA-2-A,1,,
    D-TA-3-A,1,,
    D-TA-1-B,1,,
    D-TA-2-B,NA,,
    D-TA-3-B,0.5,,
    D-SA-A-1-1,0.25,,
    D-SA-A-2-1,0.25,,
    D-SA-A-3-1,0.25,,
    D-SA-B-1-1,0.25,,
    D-SA-B-2-1,"0,25",,
    D-SA-B-3-1,0.25,,
"""


def test_samm_streams_practices_functions_and_overall() -> None:
    result = score("samm", SAMM)
    practices = {record["practice"]: pick(record, "score", "maximum") for record in records(result, "practices")}
    assert practices == {"G-SM": (1.25, 3.0), "G-PC": (0.0, 3.0), "D-TA": (2.25, 2.5), "D-SA": (0.75, 3.0)}
    functions = {record["function"]: pick(record, "score", "maximum") for record in records(result, "functions")}
    assert functions == {"G": (0.625, 3.0), "D": (1.5, 2.75)}
    overall = one(result, "overall")
    assert pick(overall, "score", "maximum", "answered", "not_applicable", "not_rated", "not_assessed") == (1.0625, 2.875, 20, 1, 3, 0)
    assert pick(overall, "worst_practices", "worst_score") == (["G-PC"], 0.0)


def test_samm_way_to_the_target() -> None:
    result = score("samm", SAMM)
    practice = one(result, "practices", practice="G-SM")
    # target 1 + 1 + 0.5 = 2.5 and 1 + 0.25 + 0.25 = 1.5: mean 2; baseline 0.75 and 0.5: mean 0.625; gap 0.75 + 0.75 of 4
    assert pick(practice, "baseline", "target", "percent_to_target", "progress") == (0.625, 2.0, 0.625, pytest.approx(0.625 / 1.375))
    stream = one(result, "streams", practice="G-SM", stream="A")
    assert pick(stream, "priority", "priority_share") == (2.0625, 0.1375)  # (1 + 2.5 - 1.75)^2 - 1
    assert pick(one(result, "practices", practice="D-SA"), "target", "percent_to_target", "progress") == (None, None, None)


def test_samm_a_stream_without_an_answer_has_no_score_and_counts_zero() -> None:
    result = score("samm", SAMM)
    assert pick(one(result, "streams", practice="G-PC", stream="B"), "score", "counted", "not_rated") == (None, 0.0, 3)
    assert pick(one(result, "streams", practice="G-PC", stream="A"), "score", "counted", "answered") == (0.0, 0.0, 3)


def test_samm_a_stream_the_file_does_not_have_was_not_assessed() -> None:
    result = score("samm", "practice,stream,level,answer\nSA,A,1,1\nSA,A,2,1\nSA,A,3,1")
    assert pick(one(result, "streams", stream="B"), "score", "not_assessed") == (None, 3)
    assert one(result, "practices")["score"] == 1.5


def test_samm_teams_are_scored_apart() -> None:
    result = score("samm", "team,activity,answer\nred,D-SA-A-1,1\nblue,D-SA-A-1,0.5")
    assert {record["team"]: record["score"] for record in records(result, "overall")} == {"red": 0.5, "blue": 0.25}


DSOMM = """
    sub_dimension,level,activity,team,state,date
    Build,1,b1,A,Fully implemented,2026-03-01
    Build,1,b1,A,Started,2026-05-01
    Build,1,b1,B,Partly implemented,2026-01-10
    Build,1,b1,C,Started,
    Build,1,b2,A,20%,2026-02-02
    Build,1,b2,B,NA,
    Build,2,b3,A,Not implemented,2026-02-02
    Build,2,b3,B,,
    Test,1,t1,A,NA,
    Test,1,t1,B,NA,
    Test,1,t1,C,NA,
"""


def test_dsomm_shares_of_activities_and_sectors() -> None:
    result = score("dsomm", DSOMM)
    activities = {
        record["activity"]: pick(record, "share", "teams", "without_state", "not_applicable") for record in records(result, "activities")
    }
    assert activities == {
        "b1": (0.5, 3, 1, 0),  # A 1 (its highest), B 0.5, C reached nothing
        "b2": (0.1, 2, 1, 1),  # A 0.2, C has no row; B does not count
        "b3": (0.0, 3, 2, 0),  # A is at 0, B and C have nothing: three different things, one mean
        "t1": (None, 0, 0, 3),
    }
    assert one(result, "activities", activity="b3")["counted"] == 0.0
    sectors = {pick(record, "sub_dimension", "level"): pick(record, "share", "left_out") for record in records(result, "sectors")}
    assert sectors == {("Build", "1"): (0.3, 0), ("Build", "2"): (0.0, 0), ("Test", "1"): (None, 1)}
    assert pick(one(result, "overall"), "worst_share", "worst_sectors", "mean_share") == (0.0, ["Build / 2"], 0.2)


def test_dsomm_tells_zero_from_nothing_by_team() -> None:
    result = score("dsomm", DSOMM)
    assert pick(one(result, "teams", activity="b3", team="A"), "share", "standing") == (0.0, "rated")
    assert pick(one(result, "teams", activity="b3", team="B"), "share", "standing") == (None, "not_rated")
    assert pick(one(result, "teams", activity="b2", team="B"), "share", "standing") == (None, "not_applicable")
    assert pick(one(result, "teams", activity="b1", team="C"), "share", "standing") == (None, "not_rated")


def test_dsomm_as_of_leaves_later_states_out_and_states_have_the_names_one_gives_them() -> None:
    result = score("dsomm", DSOMM, as_of="2026-02-15")
    assert one(result, "activities", activity="b1")["share"] == pytest.approx(0.5 / 3)
    named = score("dsomm", "team,activity,state\nA,x,done\nB,x,begun", states="done=100,begun=10")
    assert one(named, "activities")["share"] == 0.55


def test_dsomm_the_earlier_of_two_dates_of_one_state_wins() -> None:
    result = score("dsomm", "team,activity,state,date\nA,x,100,2026-05-01\nA,x,100%,2026-02-01\nA,x,100,")
    assert str(one(result, "teams")["date"]) == "2026-02-01"


ISO = """
    process,attribute,rating
    L / F F,1.1,L
    L / F F,2.1,F
    L / F F,2.2,F
    F / L L,1.1,F
    F / L L,PA 2.1,L
    F / L L,PA.2.2,L
    F / F L / L L,1.1,86
    F / F L / L L,2.1,85.5%
    F / F L / L L,2.2,85
    F / F L / L L,3.1,50.1
    F / F L / L L,3.2,L-
    all,1.1,100
    all,2.1,F
    all,2.2,F
    all,3.1,F
    all,3.2,F
    all,4.1,F
    all,4.2,F
    all,5.1,L
    all,5.2,L+
    waits,1.1,F
    waits,2.1,F
    waits,2.2,
    none,1.1,15
"""


def test_iso33020_levels_of_several_processes() -> None:
    result = score("iso33020", ISO)
    levels = {record["process"]: pick(record, "capability_level", "at_least", "blockers") for record in records(result, "processes")}
    assert levels == {
        "L / F F": (1, False, ["1.1 (L)"]),
        "F / L L": (2, False, ["2.1 (L)", "2.2 (L)", "3.1 (not_assessed)", "3.2 (not_assessed)"]),
        "F / F L / L L": (2, False, ["2.2 (L)"]),
        "all": (5, False, []),
        "waits": (1, True, ["2.2 (not_rated)"]),
        "none": (0, False, ["1.1 (N)"]),
    }


def test_iso33020_several_ratings_of_an_attribute_and_the_settings_that_change_its_level() -> None:
    text = "process,attribute,instance,rating\nx,1.1,a,F\nx,1.1,b,L\nx,2.1,a,L\nx,2.2,a,L"
    by_setting = {
        "mean": score("iso33020", text),
        "mean, half down": score("iso33020", text, rounding="half_down"),
        "median": score("iso33020", text, aggregation="median"),
        "upper median": score("iso33020", text, aggregation="median", median="upper"),
    }
    levels = {name: one(result, "processes")["capability_level"] for name, result in by_setting.items()}
    assert levels == {"mean": 2, "mean, half down": 1, "median": 1, "upper median": 2}


def test_iso33020_judgement_waits_for_people_and_takes_what_they_agree() -> None:
    text = "process,attribute,instance,rating,agreed,decided_by\nx,1.1,a,F,{agreed},{by}\nx,1.1,b,L,,"
    waiting = score("iso33020", text.format(agreed="", by=""), aggregation="judgement")
    assert pick(one(waiting, "attributes"), "rating", "standing") == (None, "judge")
    assert one(waiting, "processes")["level_state"] == "not_determined"
    agreed = score("iso33020", text.format(agreed="F", by="chloe"), aggregation="judgement")
    assert pick(one(agreed, "attributes"), "rating", "decided_by") == ("F", "chloe")


ASSESSORS = """
    process,attribute,criterion,assessor,rating
    it,1.1,c1,Anne,F
    it,1.1,c1,Bruno,L
    it,1.1,c2,Anne,P
    it,1.1,c2,Bruno,P
    it,1.1,c3,Anne,L
    it,1.1,c3,Bruno,N
"""


def test_assessors_the_choice_of_combination_moves_the_level_and_all_three_are_shown() -> None:
    result = score("assessors", ASSESSORS)
    attribute = one(result, "attributes")
    assert pick(attribute, "value", "rating", "by_min", "by_mean", "by_max") == (0.5, "P", "P", "P", "L")
    process = one(result, "processes")
    assert pick(process, "capability_level", "level_by_min", "level_by_mean", "level_by_max") == (0, 0, 0, 1)
    assert one(score("assessors", ASSESSORS, combine="max"), "processes")["capability_level"] == 1
    assert "people must agree" in str(result.answer.notes[0])


def test_assessors_largest_disagreements_come_first() -> None:
    found = [pick(record, "criterion", "spread", "proposed") for record in records(score("assessors", ASSESSORS), "criteria")]
    assert found == [("c3", 0.675, 0.3375), ("c1", 0.325, 0.8375), ("c2", 0.0, 0.325)]


def test_assessors_the_agreed_rating_wins_with_who_decided_and_why() -> None:
    text = ASSESSORS.replace("rating\n", "rating,agreed,decided_by,reason\n", 1).replace("Bruno,N", "Bruno,N,F,chloe,seen on site")
    result = score("assessors", text)
    criterion = one(result, "criteria", criterion="c3")
    assert pick(criterion, "proposed", "agreed", "decided_by", "reason", "value") == (0.3375, "F", "chloe", "seen on site", 1.0)
    assert one(result, "attributes")["value"] == pytest.approx((0.8375 + 0.325 + 1) / 3)


def test_assessors_a_criterion_without_a_rating_leaves_its_attribute_without_one() -> None:
    result = score("assessors", "attribute,criterion,assessor,rating\n1.1,a,Anne,F\n1.1,b,Anne,")
    assert pick(one(result, "attributes"), "value", "standing") == (None, "not_rated")
    disputed = score("assessors", "attribute,criterion,assessor,rating\n1.1,a,Anne,F\n1.1,a,Bruno,NA")
    assert pick(one(disputed, "criteria"), "spread", "value", "standing") == (1.0, None, "judge")
    left_out = score("assessors", "attribute,criterion,assessor,rating\n1.1,a,Anne,F\n1.1,b,Anne,NA")
    assert one(left_out, "attributes")["value"] == 1.0


CMMI = """
    area,maturity_level,level,practice,instance,value,significant
    planning,2,1,P1.1,a,FI,
    planning,2,1,P1.1,b,FI,
    planning,2,1,P1.1,c,NY,
    planning,2,2,P2.1,a,FI,
    planning,2,2,P2.1,b,LI,
    planning,2,2,P2.2,a,FI,
    planning,2,3,P3.1,a,LI,yes
    estimating,2,1,E1.1,a,LI,
    estimating,2,2,E2.1,a,LI,
    estimating,2,2,E2.1,b,PI,
    training,3,1,T1.1,a,NA,
    training,3,2,T2.1,a,NA,
    verifying,3,1,V1.1,a,FI,
    verifying,3,2,V2.1,a,PI,
    verifying,3,3,V3.1,a,FI,
"""


def test_cmmi_levels_of_areas_and_the_whole() -> None:
    result = score("cmmi", CMMI)
    values = {record["practice"]: record["value"] for record in records(result, "practices")}
    assert values["P1.1"] == "FI"
    assert values["P2.1"] == "LI"
    assert values["E2.1"] == "JUDGE"
    areas = {record["area"]: pick(record, "capability_level", "level_state", "at_least", "blockers") for record in records(result, "areas")}
    assert areas == {
        "planning": (2, "determined", False, ["P3.1 (LI)"]),
        "estimating": (1, "determined", True, ["E2.1 (judge)"]),
        "training": (None, "not_applicable", False, []),
        "verifying": (1, "determined", False, ["V2.1 (PI)"]),
    }
    assert pick(one(result, "maturity"), "maturity_level", "at_least", "areas") == (1, True, 4)


def test_cmmi_what_people_agree_on_moves_the_whole_up() -> None:
    text = CMMI.replace("value,significant", "value,significant,agreed,decided_by").replace("E2.1,b,PI,", "E2.1,b,PI,,LI,chloe")
    result = score("cmmi", text)
    assert pick(one(result, "practices", practice="E2.1"), "value", "agreed", "decided_by") == ("LI", True, "chloe")
    assert pick(one(result, "maturity"), "maturity_level", "at_least") == (2, False)


def test_cmmi_every_goal_of_a_level_counts() -> None:
    result = score("cmmi", "goal,level,practice,value\nSG1,1,p1,FI\nSG2,1,p2,PI\nGG2,2,p3,FI")
    assert pick(one(result, "areas"), "capability_level", "blockers") == (0, ["p2 (PI)"])
    assert {record["goal"]: record["status"] for record in records(result, "groups")} == {
        "SG1": "satisfied", "SG2": "unsatisfied", "GG2": "satisfied",
    }  # fmt: skip


FITSM = """
    group,requirement,score,goal,scope
    GR1,GR1.1,3,2,yes
    GR1,GR1.2,1,,yes
    GR1,GR1.3,2,,yes
    GR2,GR2.1,2,2,
    GR2,GR2.2,4,2,
    PR1,PR1.1,3,3,
    PR1,PR1.2,,3,
    PR2,PR2.1,0,,
    PR2,PR2.2,1,,
    PR3,PR3.1,4,2,no
    PR3,PR3.2,,2,no
    ,PR4.1,4,4,
    ,PR4.2,NA,4,
"""


def test_fitsm_groups_goals_and_our_own_overall_figures() -> None:
    result = score("fitsm6", FITSM)
    groups = {record["group"]: pick(record, "goal_met", "level", "level_state", "average") for record in records(result, "groups")}
    assert groups == {
        "GR1": (False, 1, "determined", 2.0),  # averages exactly its goal, and fails
        "GR2": (True, 2, "determined", 3.0),
        "PR1": (False, None, "not_determined", 3.0),  # unscored fails
        "PR2": (None, 0, "determined", 0.5),  # no goal to meet
        "PR3": (None, None, "not_applicable", None),  # out of scope
        "PR4": (True, 4, "determined", 4.0),
    }
    overall = one(result, "overall")
    assert pick(overall, "lowest_level", "worst_groups", "undetermined_groups") == (None, ["PR2"], ["PR1"])
    assert pick(overall, "groups_with_goal", "groups_meeting_goal", "share_of_groups_meeting_goal") == (4, 2, 0.5)
    assert overall["share_of_requirements_met"] == 0.75  # 6 of 8


def test_fitsm_status_of_each_requirement_first_match_wins() -> None:
    statuses = {record["requirement"]: record["status"] for record in records(score("fitsm6", FITSM), "requirements")}
    assert statuses == {
        "GR1.1": "met", "GR1.2": "not_met", "GR1.3": "met", "GR2.1": "met", "GR2.2": "met", "PR1.1": "met", "PR1.2": "no_result",
        "PR2.1": "no_target", "PR2.2": "no_target", "PR3.1": "out_of_scope", "PR3.2": "out_of_scope", "PR4.1": "met",
        "PR4.2": "out_of_scope",
    }  # fmt: skip


WEIGHTED = """
    section,item,score,weight
    1,a,80,1
    1,b,60,1
    2,c,40,1
    2,d,100,3
"""


def test_weighted_worked_example() -> None:
    overall = one(score("weighted", WEIGHTED), "overall")
    assert pick(overall, "average", "average_of_averages", "worst_sections", "worst_average") == (80.0, 77.5, ["1"], 70.0)


def test_weighted_nested_sections() -> None:
    text = "section,item,score,weight\nA/x,1,10,1\nA/x,2,20,3\nA/y,3,40,1\nA,4,5,1\nB,5,100,2"
    result = score("weighted", text)
    sections = {record["section"]: pick(record, "average", "average_of_averages") for record in records(result, "sections")}
    # A/x: (10 + 60)/4; A: (10 + 60 + 40 + 5)/6, and the mean of 17.5, 40 and its own 5
    assert sections == {
        "A": (pytest.approx(115 / 6), pytest.approx(62.5 / 3)), "A/x": (17.5, 17.5), "A/y": (40.0, 40.0), "B": (100.0, 100.0),
    }  # fmt: skip
    assert pick(one(result, "overall"), "average", "average_of_averages") == (315 / 8, pytest.approx((62.5 / 3 + 100) / 2))


def test_weighted_not_applicable_is_left_out_or_anchored_and_unscored_left_out() -> None:
    text = "section,item,score,weight,target\nA,1,50,1,80\nA,2,NA,1,90\nA,3,,5,100\nB,4,NA,1,"
    left_out = score("weighted", text)
    assert one(left_out, "overall")["average"] == 50.0
    assert pick(one(left_out, "sections", section="B"), "average", "not_applicable") == (None, 1)
    anchored = score("weighted", text, na="target")
    assert one(anchored, "overall")["average"] == 70.0
    assert str(anchored.answer.notes[0]) == "1 items do not apply and have no target: they were left out"


def test_weighted_mixed_scales_become_shares() -> None:
    text = "section,item,score,minimum,maximum,weight\nA,1,3,1,5,1\nA,2,75,0,100,1\nB,3,2,0,4,2"
    result = score("weighted", text)
    assert pick(one(result, "overall"), "average", "unit") == (0.5625, "share")
    assert one(score("weighted", text, scale="score"), "overall")["average"] == 20.5
    same = score("weighted", "section,item,score,maximum\nA,1,3,5\nA,2,4,5")
    assert pick(one(same, "overall"), "average", "unit") == (3.5, "score")
    assert one(score("weighted", "section,item,score,maximum\nA,1,3,5\nA,2,4,5", scale="share"), "overall")["average"] == 0.7


def test_weighted_compliance_shares() -> None:
    text = "section,item,compliance\nA,1,C\nA,2,P\nA,3,N\nA,4,NA\nA,5,\nB,6,compliant\nC,7,NA"
    result = score("weighted", text)
    assert {record["section"]: record["compliance"] for record in records(result, "sections")} == {"A": 0.5, "B": 1.0, "C": None}
    assert pick(one(result, "overall"), "compliance", "rated", "not_applicable", "not_rated", "average") == (0.625, 4, 2, 1, None)


def test_dsomm_an_activity_no_team_has_begun_has_no_share_and_counts_zero() -> None:
    result = score("dsomm", "sub_dimension,activity,team,state\nS,a,A,\nS,b,A,100\nT,c,A,")
    assert pick(one(result, "activities", activity="a"), "share", "counted") == (None, 0.0)
    assert pick(one(result, "sectors", sub_dimension="S"), "share", "counted") == (0.5, 0.5)
    assert pick(one(result, "sectors", sub_dimension="T"), "share", "counted") == (None, 0.0)
