"""Addresses. The seat stands in them: two tabs, two seats."""

from django.contrib import admin
from django.urls import include, path

from annual import views as annual
from approvals import closed_airspace, handbook
from approvals import views as approvals
from casework import paper_pages as papers
from casework import views as cases
from config import operations
from contacts import views as contacts
from control import class_list, front, joining, manual, record
from control import views as control
from control.forms import AdminSignInForm
from neighbours import views as neighbours
from review import exams, first_flight, me, practising, pressure
from review import pages as marks
from transit import views as transit
from transit.public import deadlines, goods, route_check, shapes, sources

handler500 = "config.away.fault"
admin.site.login_form = AdminSignInForm

seated = [
    path("", approvals.home, name="desk"),
    path("clock/", control.clock_live),
    path("flights/", approvals.flights),
    path("flights/live/", approvals.flights_live),
    path("flights/deadlines.ics", approvals.own_deadlines),
    path("flights/new/", transit.new),
    path("flights/understood/", transit.understood),
    path("flights/<int:number>/live/", approvals.flight_live, name="flight-live"),
    path("flights/<int:number>/files/<str:file>", approvals.flight_file, name="flight-file"),
    path("flights/<int:number>/form/", transit.edit, name="flight-form"),
    path("flights/<int:number>/short-notice/", transit.notice, name="short-notice"),
    path("flight-day/", approvals.flight_day),
    path("flight-day/live/", approvals.flight_day_live),
    path("closed-airspace/", closed_airspace.announcements),
    path("closed-airspace/new/", closed_airspace.announce),
    path("closed-airspace/reopen/", closed_airspace.reopen),
    path("closed-airspace/<int:number>/", closed_airspace.announcement),
    path("duty-log/", approvals.duty_log),
    path("duty-log/new/", approvals.new_occurrence),
    path("duty-log/log.csv", approvals.duty_log_file),
    path("annual/", annual.register),
    path("annual/new/", annual.new),
    path("neighbours/", neighbours.register),
    path("contacts/", contacts.log),
    path("contacts/new/", contacts.new),
    path("contacts/inject/", contacts.inject),
    path("contacts/inject/<int:number>/off/", contacts.call_it_off),
    path("control/", control.panel),
    path("control/live/", control.panel_live),
    path("control/next/", control.jump_to_next),
    path("control/stop/", control.stop),
    path("control/erase/", control.erase),
    path("control/cast/", control.cast),
    path("control/seats/<int:pk>/", control.seat),
    path("control/people/", class_list.people),
    path("control/<slug:code>/", control.press),
    path("guide/", first_flight.shut, name="guide"),
    path("next/", practising.go_on, name="next-dossier"),
    path("end/", practising.end, name="end-sitting"),
    path("pass/", first_flight.pass_time, name="pass-time"),
    path("marks/", marks.sitting, name="marks"),
    path("marks/marks.csv", marks.sitting_file, name="marks-file"),
    path("marks/<int:number>/", marks.dossier, name="dossier-marks"),
    path("marks/<int:number>/hand-in/", practising.hand_in, name="hand-in"),
    path("pressure/", pressure.page, name="pressure"),
    path("exam/", exams.exam, name="exam"),
    path("exam/close/", exams.close),
    path("exam/release/", exams.release),
    path("exam/report/", exams.report, name="exam-report"),
    path("exam/report.csv", exams.report_file),
    path("record/", record.record),
    path("record/record.csv", record.record_file, {"ending": "csv"}),
    path("record/record.json", record.record_file, {"ending": "json"}),
    path("record/verify/", record.verify),
    *cases.addresses(),
    *papers.addresses(),
]

urlpatterns = [
    path("", front.front),
    path("sit/", front.sit_down, name="sit"),
    path("join/", joining.join, name="join"),
    path("take/", joining.take, name="take"),
    path("first-account/", joining.first_account, name="first-account"),
    path("me/", me.page, name="me"),
    path("me/export.json", me.export, name="me-export"),
    path("me/erase/", me.erase, name="me-erase"),
    path("exams/", exams.exams, name="exams"),
    path("exams/new/", exams.hold, name="hold-exam"),
    path("exams/<int:number>/", exams.begin, name="begin-exam"),
    path("first-flight/", first_flight.begin, name="first-flight"),
    path("practise/", practising.practise, name="practise"),
    path("open/", front.open_exercise, name="open"),
    path("sign-out/", front.sign_out, name="sign-out"),
    path("register/<int:exercise>/", papers.registered, name="registered"),
    path("route-check/", route_check.page, name="route-check"),
    path("deadlines/", deadlines.page, name="deadlines"),
    path("dangerous-goods/", goods.page, name="dangerous-goods"),
    path("sop/", handbook.page, name="sop"),
    path("glossary/", manual.words, name="glossary"),
    path("help/", manual.page, name="help"),
    path("sources/", sources.page, name="sources"),
    path("shapes/<slug:kind>.geojson", shapes.geojson, name="shapes"),
    path("x/<int:exercise>/<slug:seat>/", include(seated)),
    path("admin/", admin.site.urls),
    path("readyz", operations.readyz),
    path("metrics", operations.figures),
]
