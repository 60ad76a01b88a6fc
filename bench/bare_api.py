"""The addresses of the program, and beside them the plainest viewset over the table of tasks, to measure against."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import include, path
from knox.auth import TokenAuthentication
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import BaseSerializer, ModelSerializer
from rest_framework.viewsets import ModelViewSet

from tasks_app.models import Task
from voicebot.urls import urlpatterns as own


class TaskSerializer(ModelSerializer):
    """A task's own columns."""

    class Meta:
        model = Task
        exclude = ("labels", "deleted_at")
        read_only_fields = ("owner", "zone")


class Pages(CursorPagination):
    """As many rows as a page of ours, in the same order."""

    page_size = 50
    ordering = "-created_at"


class TaskViewSet(ModelViewSet):
    """The caller's tasks that are neither done nor deleted."""

    serializer_class = TaskSerializer
    pagination_class = Pages
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)

    def get_queryset(self) -> QuerySet[Task]:
        """Their own."""
        tasks: QuerySet[Task] = Task.objects.filter(owner=self.request.user, deleted_at=None, completed_at=None)
        return tasks

    def perform_create(self, serializer: BaseSerializer[Task]) -> None:
        """For the caller."""
        serializer.save(owner=self.request.user)


_router = SimpleRouter()
_router.register("tasks", TaskViewSet, basename="bare-task")
urlpatterns = [*own, path("bare/", include(_router.urls))]
