"""Which tests hold each case of what can go wrong, by the letters and numbers of the catalogue of faults.

Names of tests as pytest takes them, without parameters. tests/house/test_catalogue.py sees to it that every case has one and
that every name is that of a test. A case that a new test holds better is changed here in the same commit.
"""

from __future__ import annotations

from collections.abc import Mapping

CASES: Mapping[str, tuple[str, ...]] = {
    # process and broker
    "A01": (
        "tests/fault/test_workers.py::test_a01_a_worker_killed_in_mid_import_is_replaced_and_every_row_is_there_once",
        "tests/fault/test_random_killer.py::test_workers_killed_at_random_moments_lose_nothing_and_double_nothing",
    ),
    "A03": (
        "tests/fault/test_workers.py::test_a03_a_pool_child_that_dies_costs_one_attempt",
        "tests/web/test_data_pages.py::test_an_import_that_had_to_be_repeated_says_so",
    ),
    "A05": ("tests/fault/test_workers.py::test_a05_one_task_delivered_twice_at_once_is_worked_on_once",),
    "A07": ("tests/fault/test_broker_away.py::test_without_its_broker_the_web_answers_in_time_and_says_what_that_means",),
    "A09": ("tests/fault/test_workers.py::test_a09_two_people_who_import_the_same_file_at_once_get_one_set_of_rows",),
    # database and disk
    "B12": ("tests/fault/test_services.py::test_b12_postgresql_restarted_hard_in_mid_import_needs_no_hand",),
    "B14": ("tests/fault/test_services.py::test_b14_a_full_disk_stores_nothing_keeps_the_old_and_a_repeat_works",),
    "B16": ("tests/fault/test_services.py::test_b16_while_sqlite_is_held_an_import_waits_and_a_page_that_writes_says_busy",),
    "B18": (
        "tests/kpi/test_ingest_runs.py::test_a_crash_at_any_step_stores_all_or_nothing_and_a_repeat_completes",
        "tests/kpi/test_rollup.py::test_a_rollup_killed_at_any_step_is_done_again_in_full",
        "tests/kpi/test_publishing.py::test_a_run_that_dies_half_way_leaves_nothing_and_the_next_one_does_all",
        "tests/wellbeing/test_pulse_closing.py::test_a_night_that_dies_at_any_step_is_resumed_without_losing_or_doubling_an_answer",
    ),
    # files: container and encoding
    "C21": ("tests/kpi/test_reading_files.py::test_a_gzip_file_that_ends_early_is_refused_whole",),
    "C23": (
        "tests/kpi/test_reading_files.py::test_a_small_gzip_that_holds_very_much_is_stopped_at_the_named_limit",
        "tests/kpi/test_reading_files.py::test_the_byte_limit_counts_what_comes_out",
    ),
    "C25": (
        "tests/kpi/test_reading_files.py::test_marks_and_utf16_give_the_same_rows_as_plain_utf8",
        "tests/kpi/test_reading_files.py::test_utf16_with_its_mark_the_other_way_round",
    ),
    "C27": (
        "tests/kpi/test_reading_files.py::test_the_delimiter_is_seen_in_the_header",
        "tests/kpi/test_reading_files.py::test_a_decimal_comma_is_shown_with_its_evidence",
        "tests/kpi/test_reading_files.py::test_a_comma_before_three_digits_proves_nothing_and_is_not_guessed",
        "tests/kpi/test_reading_files.py::test_an_unclear_delimiter_is_refused_and_a_chosen_one_is_used",
    ),
    "C29": ("tests/kpi/test_reading_rows.py::test_a_nul_byte_rejects_its_row_alone",),
    "C31": (
        "tests/kpi/test_reading_rows.py::test_a_quote_never_closed_is_named_and_swallows_nothing",
        "tests/kpi/test_reading_rows.py::test_the_line_where_the_quote_opened_is_named_inside_a_row_of_several_lines",
    ),
    # files: content
    "D33": (
        "tests/kpi/test_reading_files.py::test_a_misspelt_required_column_is_refused_with_the_nearest_name",
        "tests/kpi/test_reading_files.py::test_a_missing_required_column_is_refused_naming_what_was_found",
        "tests/kpi/test_reading_files.py::test_a_column_that_appears_twice_is_refused",
    ),
    "D35": (
        "tests/kpi/test_ingest.py::test_every_line_has_a_fate",
        "tests/kpi/test_ingest.py::test_two_lines_of_one_id_that_differ_name_each_other",
    ),
    "D37": (
        "tests/kpi/test_reading_rows.py::test_a_negative_duration_an_end_before_the_start_and_a_wait_of_three_days_are_rejected",
        "tests/kpi/test_reading_rows.py::test_empty_is_unknown_and_zero_is_zero",
    ),
    "D39": (
        "tests/kpi/test_cells.py::test_what_is_not_plainly_a_duration_is_rejected",
        "tests/kpi/test_reading_rows.py::test_a_rejection_says_what_was_found_and_what_would_be_right",
    ),
    "D41": (
        "tests/kpi/test_sources.py::test_a_score_outside_its_scale_is_rejected",
        "tests/kpi/test_sources.py::test_a_scale_that_changes_inside_the_file_is_named_as_a_break",
    ),
    "D43": (
        "tests/kpi/test_cells.py::test_ids_are_kept_character_by_character",
        "tests/kpi/test_reading_documents.py::test_ids_and_numbers_are_kept_character_by_character",
    ),
    "D45": (
        "tests/kpi/test_ingest_order.py::test_order_split_and_repetition_do_not_matter",
        "tests/kpi/test_rollup.py::test_any_split_correction_and_removal_gives_the_totals_of_one_clean_load",
    ),
    "D47": (
        "tests/wellbeing/test_wave_frozen.py::test_who_changes_the_team_afterwards_counts_where_they_answered",
        "tests/staffing/test_subjects.py::test_a_spell_counts_from_its_first_day_to_the_day_before_it_ends",
        "tests/staffing/test_subjects.py::test_a_working_day_belongs_to_the_site_of_its_team_and_unknown_times_stay_unknown",
    ),
    # time
    "E50": (
        "tests/kpi/test_reading_rows.py::test_local_times_across_the_spring_change_of_london",
        "tests/kpi/test_reading_rows.py::test_the_doubled_hour_of_london_is_read_as_its_first",
        "tests/kpi/test_ingest.py::test_the_days_of_a_clock_change_have_23_and_25_hours",
        "tests/kpi/test_rollup.py::test_a_day_of_23_or_25_hours_holds_exactly_its_contacts",
    ),
    "E52": (
        "tests/kpi/test_reading_rows.py::test_times_without_offset_need_a_zone_and_those_with_one_keep_it",
        "tests/kpi/test_reading_rows.py::test_the_zone_of_the_host_is_never_used",
    ),
    "E54": (
        "tests/kpi/test_reading_rows.py::test_a_moment_beyond_the_allowed_skew_is_rejected",
        "tests/kpi/test_reading_rows.py::test_the_year_2062_is_rejected",
    ),
    "E56": (
        "tests/kpi/test_reading_files.py::test_ambiguous_dates_are_refused_until_somebody_chooses",
        "tests/kpi/test_reading_files.py::test_a_later_date_shows_the_order_of_the_whole_file",
        "tests/kpi/test_reading_files.py::test_contradictory_dates_are_refused_with_the_two_lines",
    ),
    # API in and pull
    "F58": (
        "tests/fault/test_at_once.py::test_two_workers_and_five_senders_at_once_store_every_row_once",
        "tests/kpi/test_intake_api.py::test_the_same_key_with_the_same_file_is_one_request",
        "tests/kpi/test_intake_api.py::test_a_key_that_was_used_for_another_file_is_refused_and_nothing_is_kept",
    ),
    "F60": (
        "tests/web/test_api.py::test_json_that_cannot_be_read_is_400_and_never_500",
        "tests/kpi/test_reading_documents.py::test_fifty_levels_are_read_and_one_more_is_not",
    ),
    "F62": (
        "tests/kpi/test_pulls_faults.py::test_asked_too_often_it_waits_as_long_as_it_is_told",
        "tests/kpi/test_pulls_faults.py::test_errors_of_the_vendor_are_tried_five_times_with_growing_and_random_pauses",
        "tests/kpi/test_pulls_faults.py::test_what_is_not_as_documented_is_refused_whole",
        "tests/kpi/test_pulls.py::test_where_the_file_is_not_stored_the_next_pull_begins_where_this_one_did",
        "tests/fault/test_pulls.py::test_a_pull_that_stalls_between_two_pages_is_taken_over_and_wakes_to_nothing",
    ),
    "F64": (
        "tests/kpi/test_pulls_addresses.py::test_a_name_that_leads_inside_is_refused_and_nothing_is_connected_to",
        "tests/kpi/test_pulls_addresses.py::test_what_was_checked_is_what_is_connected_to",
        "tests/kpi/test_pulls_addresses.py::test_a_secret_is_for_hosts_of_its_vendor_alone",
        "tests/web/test_connections.py::test_a_host_that_is_none_of_the_vendor_is_refused_when_it_is_entered",
    ),
    # rights
    "G67": (
        "tests/web/test_roles_and_scopes.py::test_a_manager_reads_own_teams_and_own_site_and_the_company_everywhere_and_nothing_else",
        "tests/web/test_api.py::test_a_manager_who_asks_for_another_team_learns_nothing_of_it",
        "tests/web/test_export.py::test_a_filter_that_is_not_understood_is_400_and_a_manager_gets_nothing_of_another_team",
        "tests/web/test_pages.py::test_a_team_of_somebody_else_is_not_named",
        "tests/web/test_saved_views.py::test_a_shared_view_opens_for_the_roles_named_with_their_own_rights",
    ),
    "G69": (
        "tests/web/test_api.py::test_a_right_that_was_withdrawn_ends_at_once",
        "tests/web/test_takeaway.py::test_it_is_made_with_the_rights_of_then_not_of_when_it_was_asked_for",
        "tests/web/test_every_mail.py::test_a_role_lost_between_asking_and_the_morning_is_sent_nothing",
    ),
    "G71": (
        "tests/web/test_every_surface.py::test_every_route_is_written_down",
        "tests/web/test_every_surface.py::test_every_route_answers_each_role_as_written",
        "tests/web/test_every_surface.py::test_reading_routes_refuse_to_be_written_to",
    ),
    "G73": ("tests/web/test_guessing.py::test_who_guesses_is_locked_and_a_colleague_at_the_same_address_gets_in",),
    # anonymity
    "H76": (
        "tests/kpi/test_panel.py::test_asked_for_alone_a_hidden_team_shows_nothing_anywhere",
        "tests/web/test_pages.py::test_a_small_team_says_why_in_the_place_of_its_numbers",
        "tests/reference/test_truth.py::test_wren_is_too_small_to_show",
    ),
    "H78": (
        "tests/kpi/test_anonymity_children.py::test_the_worked_example_hides_the_small_child_and_the_next",
        "tests/kpi/test_anonymity_children.py::test_what_is_hidden_is_nobody_or_two_and_k_or_all_there_is",
        "tests/kpi/test_anonymity_table.py::test_no_small_cell_or_pair_follows_from_what_is_left",
        "tests/kpi/test_anonymity_release.py::test_no_order_of_questions_about_teams_gives_a_small_group_away",
    ),
    "H80": (
        "tests/wellbeing/test_pulse_pages.py::test_a_used_code_is_refused_with_a_kind_sentence",
        "tests/wellbeing/test_pulse_redeeming.py::test_after_the_last_day_no_code_is_good_though_nothing_has_closed_the_wave_yet",
        "tests/wellbeing/test_pulse_opening.py::test_codes_of_one_team_are_none_of_another",
        "tests/wellbeing/test_pulse_untraceable.py::test_no_dump_and_no_log_holds_a_code_or_anything_made_of_it_without_the_key_of_the_wave",
    ),
    # output
    "I83": ("tests/web/test_hostile_names.py::test_what_somebody_calls_things_is_text_on_every_page",),
    "I85": (
        "tests/web/test_export.py::test_a_cell_that_would_run_becomes_inert_text",
        "tests/web/test_export.py::test_a_team_named_like_a_formula_does_not_run_and_a_negative_saving_stays_a_number",
        "tests/web/test_books.py::test_nothing_that_anybody_wrote_runs_or_leads_away",
    ),
    "I87": (
        "tests/web/test_every_surface.py::test_a_saving_stands_beside_its_companions_wherever_it_is_shown",
        "tests/web/test_every_surface.py::test_no_surface_shows_a_saving_while_a_companion_is_missing",
        "tests/web/test_every_surface.py::test_no_command_prints_or_logs_a_saving",
        "tests/web/test_every_mail.py::test_no_mail_shows_a_saving_while_a_companion_is_missing",
    ),
    "I89": (
        "tests/web/test_browser.py::test_the_charts_are_drawn_and_nothing_offers_to_share_them",
        "tests/web/test_browser.py::test_on_a_phone_a_team_keeps_its_four_together",
        "tests/web/test_browser.py::test_paper_keeps_the_four_together_and_leaves_the_filters_out",
        "tests/web/test_browser_reading.py::test_the_four_are_of_equal_weight_and_in_one_view_at_every_width",
    ),
    # start and operation
    "J92": (
        "tests/house/test_start.py::test_a_setting_nobody_should_run_on_is_refused_in_one_sentence",
        "tests/house/test_start.py::test_every_process_ends_with_the_sentence_and_without_a_traceback",
        "tests/house/test_start.py::test_the_deployment_check_finds_nothing_in_the_documented_environment",
        "tests/house/test_asvs.py::test_every_requirement_of_levels_1_and_2_is_answered_once_and_in_order",
    ),
    "J94": ("tests/house/test_alone.py::test_another_host_cannot_be_reached",),
    "J96": (
        "tests/house/test_demo.py::test_a_demo_killed_in_mid_import_continues_and_ends_all_its_children",
        "tests/house/test_demo.py::test_a_taken_port_is_named_with_the_way_to_choose_another",
        "tests/house/test_demo.py::test_a_second_centre_is_never_laid_on_top_of_another",
    ),
}

# Cases without a test yet, and why not.
WITHOUT: Mapping[str, str] = {}
